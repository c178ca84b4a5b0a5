package rules.security.images_are_pinned_test

import data.rules.security.images_are_pinned as rule

test_a_tag_fails_at_the_image if {
	rule.deny == {{
		"rule": "security/images-are-pinned",
		"path": ["service", "spec", "workloads", 0, "image"],
		"params": {"workload": "web", "image": "registry.example/portal:v1"},
		"status": "failed",
	}} with input as _service("registry.example/portal:v1")
}

test_a_digest_passes if {
	rule.deny == set() with input as _service("registry.example/portal:v1@sha256:00")
}

test_a_machine_has_no_image_to_pin if {
	rule.deny == set() with input as _service(null)
}

test_a_helpers_tag_fails_where_the_helper_has_an_image_of_its_own if {
	helpers := [
		{"name": "ok", "image": "registry.example/ok@sha256:00"},
		{"name": "same", "image": "registry.example/portal:v1@sha256:00"},
		{"name": "log", "image": "registry.example/log:v1"},
	]
	document := json.patch(_service("registry.example/portal:v1@sha256:00"), [{
		"op": "replace",
		"path": "/spec/service/spec/workloads/0/helpers",
		"value": helpers,
	}])
	rule.deny == {{
		"rule": "security/images-are-pinned",
		"path": ["service", "spec", "workloads", 0, "helpers", 2, "image"],
		"params": {"workload": "web/log", "image": "registry.example/log:v1"},
		"status": "failed",
	}} with input as document
}

test_a_helper_with_its_workloads_image_is_judged_there if {
	same := [{"name": "same", "image": "registry.example/portal:v1"}]
	document := json.patch(_service("registry.example/portal:v1"), [{
		"op": "replace",
		"path": "/spec/service/spec/workloads/0/helpers",
		"value": same,
	}])
	count(rule.deny) == 1 with input as document
}

_service(image) := {"spec": {"service": {"spec": {"workloads": [{
	"name": "web",
	"image": image,
	"helpers": [],
}]}}}}
