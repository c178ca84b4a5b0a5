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
