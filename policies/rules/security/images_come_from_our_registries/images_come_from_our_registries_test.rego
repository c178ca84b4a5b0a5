package rules.security.images_come_from_our_registries_test

import data.rules.security.images_come_from_our_registries as rule

test_an_image_from_elsewhere_fails if {
	rule.deny == {_finding("docker.io/library/nginx:1")} with input as _input("docker.io/library/nginx:1")
}

test_a_registry_whose_name_starts_like_ours_fails if {
	image := "registry.example/acme-imitation/portal"
	rule.deny == {_finding(image)} with input as _input(image)
}

test_images_from_our_registries_pass if {
	every image in ["registry.example/acme/portal", "mirror.example/acme/portal"] {
		rule.deny == set() with input as _input(image)
	}
}

test_a_machine_runs_no_image if {
	rule.deny == set() with input as _input(null)
}

test_what_stands_beside_a_workload_is_judged_too if {
	every at in ["initContainers", "containers"] {
		path := ["plan", "urn", "inputs", "spec", "template", "spec", at, 0, "image"]
		found := object.union(_finding(_NGINX), {"path": path, "params": {"workload": "portal-web"}})
		rule.deny == {found} with input as _beside(at, _NGINX)
	}
}

test_a_helper_from_elsewhere_fails_where_it_stands if {
	some_image := "registry.example/acme/portal"
	helpers := [{"name": "own", "image": null}, {"name": "same", "image": some_image}, {"name": "evil", "image": _NGINX}]
	path := ["service", "spec", "workloads", 0, "helpers", 2, "image"]
	found := rule.deny with input as json.patch(
		_input(some_image),
		[{"op": "add", "path": "/spec/service/spec/workloads/0/helpers", "value": helpers}],
	)
	{[finding.path, finding.params.workload, finding.params.image] | some finding in found} == {[path, "web/evil", _NGINX]}
}

test_googles_proxy_may_stand_there_by_its_digest_only if {
	proxy := "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.23.0"
	rule.deny == set() with input as _beside("initContainers", sprintf("%s@sha256:00", [proxy]))
	every image in [proxy, "gcr.io/cloud-sql-connectors/cloud-sql-proxy-imitation@sha256:00"] {
		count(rule.deny) == 1 with input as _beside("initContainers", image)
	}
}

test_an_image_that_is_not_known_yet_is_undecided if {
	{finding.status | some finding in rule.deny} == {"undecided"} with input as _beside("containers", {"$unknown": []})
}

test_containers_that_are_not_known_yet_are_undecided if {
	every spec in [{"$unknown": []}, {"template": {"$unknown": []}}, {"template": {"spec": {"containers": {"$unknown": []}}}}] {
		found := rule.deny with input as _planned("kubernetes:apps/v1:Deployment", spec)
		{finding.status | some finding in found} == {"undecided"}
	}
}

test_schedules_are_judged_where_their_pods_stand if {
	pods := {"template": {"spec": {"containers": [{"image": _NGINX}]}}}
	count(rule.deny) == 1 with input as _planned("kubernetes:batch/v1:CronJob", {"jobTemplate": {"spec": pods}})
}

test_sets_and_what_an_operator_runs_are_judged_too if {
	pods := {"template": {"spec": {"containers": [{"image": _NGINX}]}}}
	count(rule.deny) == 1 with input as _planned("kubernetes:apps/v1:StatefulSet", pods)
	operated := "kubernetes:operator.victoriametrics.com/v1beta1:VMCluster"
	found := rule.deny with input as _planned(operated, {"vmselect": {"image": {"repository": "docker.io/a", "tag": "b"}}})
	{finding.path | some finding in found} == {["plan", "urn", "inputs", "spec", "vmselect", "image"]}
	ours := {"image": {"repository": "mirror.example/acme/vmselect@sha256", "tag": "00"}}
	rule.deny == set() with input as _planned(operated, {"vmselect": ours})
}

_NGINX := "docker.io/library/nginx@sha256:00"

_beside(kind, image) := _planned(
	"kubernetes:apps/v1:Deployment",
	{"template": {"spec": {kind: [{"image": image}]}}},
)

_planned(type, spec) := object.union(_input("registry.example/acme/portal"), {"plan": {"resources": [{
	"urn": "urn",
	"type": type,
	"name": "portal-web",
	"inputs": {"spec": spec},
}]}})

_finding(image) := {
	"rule": "security/images-come-from-our-registries",
	"path": ["service", "spec", "workloads", 0, "image"],
	"params": {
		"workload": "web",
		"image": image,
		"environment": "live",
		"registries": "registry.example/acme, mirror.example/acme/",
	},
	"status": "failed",
}

_input(image) := {"spec": {
	"service": {"spec": {"workloads": [{"name": "web", "image": image}]}},
	"environment": {
		"metadata": {"name": "live"},
		"spec": {"imageRegistries": ["registry.example/acme", "mirror.example/acme/"]},
	},
}}
