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

_service(image) := {"spec": {"service": {"spec": {"workloads": [{"name": "web", "image": image}]}}}}
