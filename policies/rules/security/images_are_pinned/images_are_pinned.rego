# METADATA
# title: Images are pinned by digest
# description: >-
#   A tag can be moved: what was tested is then not what starts when a copy is replaced at night. A digest
#   is the content itself.
# custom:
#   level: 3
#   severity: error
#   guards: [data, payment]
#   stages: [spec]
#   message: "Workload {workload} runs {image}, whose content may change."
#   remediation: "Append the tested digest to `image` of workload {workload}: `@sha256:` and 64 digits."
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/about-container-images
#     - https://slsa.dev/spec/v1.0/threats
package rules.security.images_are_pinned

import rego.v2

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.image != null
	not contains(workload.image, "@sha256:")
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "image"],
		{"workload": workload.name, "image": workload.image},
	)
}

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	some j, helper in workload.helpers
	not helper.image in {null, workload.image} # the workload's own is judged there
	not contains(helper.image, "@sha256:")
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "helpers", j, "image"],
		{"workload": concat("/", [workload.name, helper.name]), "image": helper.image},
	)
}
