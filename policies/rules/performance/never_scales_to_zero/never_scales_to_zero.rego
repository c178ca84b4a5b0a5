# METADATA
# title: What users wait for never scales to zero
# description: >-
#   The first customer after a quiet hour waits for a whole start, a minute for a Rails application, or gets
#   an error. AI features wait for CustomersDot's tokens in the same way.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} may have no copy at all when a request comes."
#   remediation: "Set `replicas.min` of workload {workload} to {expected} or more."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/performance-optimization
#     - https://cloud.google.com/run/docs/configuring/min-instances
package rules.performance.never_scales_to_zero

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.design.workloads
	workload.kind == "web"
	workload.minReplicas == 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "replicas", "min"],
		{"workload": workload.name, "expected": _one_a_zone(input.spec.service.spec.workloads[i].replicas.max)},
	)
}

_zones := count(input.spec.environment.spec.zones)

_one_a_zone(most) := _zones if most == null

_one_a_zone(most) := min([_zones, most]) if most != null
