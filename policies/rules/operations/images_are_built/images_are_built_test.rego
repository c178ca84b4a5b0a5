package rules.operations.images_are_built_test

import data.rules.operations.images_are_built as rule

_path := "registry.example/portal/web"

_zeros := "0000000000000000000000000000000000000000000000000000000000000000"

_unbuilt := concat("", [_path, "@sha256:", _zeros])

test_a_deployment_of_an_image_that_is_not_built_fails if {
	rule.deny == {_finding(["template", "spec", "containers", 1, "image"], "failed")} with input as _deployment(_web(_unbuilt))
}

test_a_job_of_an_image_that_is_not_built_fails if {
	at := ["jobTemplate", "spec", "template", "spec", "containers", 1, "image"]
	rule.deny == {_finding(at, "failed")} with input as _cron_job(_web(_unbuilt))
}

test_an_image_that_is_not_known_yet_is_undecided if {
	at := ["template", "spec", "containers", 1, "image"]
	rule.deny == {_finding(at, "undecided")} with input as _deployment(_web(_unknown))
	containers := [_proxy, _unknown]
	rule.deny == {_finding(at, "undecided")} with input as _deployment(containers)
}

test_containers_that_are_not_known_yet_are_undecided if {
	at := ["template", "spec", "containers"]
	rule.deny == {_finding(at, "undecided")} with input as _deployment(_unknown)
	first := ["template", "spec", "initContainers"]
	both := {_finding(first, "undecided"), _finding(at, "undecided")}
	rule.deny == both with input as _plan("kubernetes:apps/v1:Deployment", _unknown)
}

test_a_container_that_runs_before_is_judged_too if {
	pods := {"template": {"spec": {"initContainers": _web(_unbuilt), "containers": [_proxy]}}}
	at := ["template", "spec", "initContainers", 1, "image"]
	rule.deny == {_finding(at, "failed")} with input as _plan("kubernetes:apps/v1:Deployment", pods)
}

test_a_digest_with_zeros_at_either_end_passes if {
	every digest in [replace(_zeros, "000", "100"), concat("", ["5", _zeros]), concat("", [_zeros, "5"])] {
		rule.deny == set() with input as _deployment(_web(concat("", [_path, "@sha256:", digest])))
	}
}

test_a_tag_of_zeros_passes if {
	rule.deny == set() with input as _deployment(_web(concat("", [_path, ":", _zeros])))
}

test_without_a_plan_nothing_is_said if {
	rule.deny == set() with input as {"spec": {}}
}

_unknown := {"$unknown": []}

_finding(at, status) := {
	"rule": "operations/images-are-built",
	"path": array.concat(["plan", "urn:web", "inputs", "spec"], at),
	"params": {"resource": "portal-web"},
	"status": status,
}

_proxy := {"name": "proxy", "image": concat("", [_path, "@sha256:5f"])}

_web(image) := [_proxy, {"name": "web", "image": image}]

_deployment(containers) := _plan("kubernetes:apps/v1:Deployment", _template(containers))

_cron_job(containers) := _plan("kubernetes:batch/v1:CronJob", {"jobTemplate": {"spec": _template(containers)}})

_template(containers) := {"template": {"spec": {"containers": containers}}}

_plan(type, spec) := {"plan": {"resources": [{
	"urn": "urn:web",
	"type": type,
	"name": "portal-web",
	"inputs": {"spec": spec},
}]}}
