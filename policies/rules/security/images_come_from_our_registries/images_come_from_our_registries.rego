# METADATA
# title: Images come from our registries
# description: >-
#   An image from elsewhere was not built, scanned or signed by us, and can vanish or change its owner on
#   the day a copy has to be replaced. A mirror in our registry does not.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} runs {image}, which is not from a registry that {environment} allows."
#   remediation: "Copy the image into one of {registries} and write that `image` for workload {workload}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-shift-left-security
#     - https://cloud.google.com/binary-authorization/docs/overview
package rules.security.images_come_from_our_registries

import rego.v2

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.image != null
	not _is_ours(workload.image)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "image"],
		{
			"workload": workload.name,
			"image": workload.image,
			"environment": input.spec.environment.metadata.name,
			"registries": concat(", ", _registries),
		},
	)
}

_registries := input.spec.environment.spec.imageRegistries

# Without the slash, `registry/acme` would allow `registry/acme-imitation`.
_is_ours(image) if {
	some registry in _registries
	startswith(image, concat("", [trim_suffix(registry, "/"), "/"]))
}
