# METADATA
# title: The autoscaler has room
# description: >-
#   A fixed number of copies can't follow a wave of requests, and one that starts to scale only when the
#   copies are nearly full is late by the time a copy needs to start.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} {lacks}."
#   remediation: "Set `{field}` of workload {workload} to {wanted}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/performance-optimization
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/horizontalpodautoscaler
package rules.performance.autoscaling_has_room

import data.lib.result

deny contains finding if {
	some i, workload in _scaled
	lacks := _lacks(workload)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "replicas", "max"],
		object.union(
			{"workload": workload.name, "field": "replicas.max", "lacks": lacks, "wanted": _wanted(workload)},
			{"expected": number | some number in [workload.maxForRoom]; number != null},
		),
	)
}

deny contains finding if {
	some i, workload in _scaled
	workload.cpuTargetPercent > 80
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "cpuTargetPercent"],
		{
			"workload": workload.name,
			"field": "cpuTargetPercent",
			"lacks": concat("", ["grows only at ", format_int(workload.cpuTargetPercent, 10), " % CPU"]),
			"wanted": "80 or less",
			"expected": 80,
		},
	)
}

_scaled[i] := workload if {
	input.spec.environment.spec.purpose == "production"
	some i, workload in input.spec.design.workloads
	workload.kind != "cron"
	workload.runtime == "kubernetes"
	workload.singleLeader == false
}

_wanted(workload) := concat("", [
	_more,
	"; or, where a second copy would do harm, leave `replicas` out and write `singleLeader: true`",
]) if {
	workload.maxReplicas <= 1
} else := _more

_more := "twice what the peak needs, and more than `replicas.min`"

_lacks(workload) := "always has 1 copy" if {
	workload.minReplicas == 1
	workload.maxReplicas <= 1
} else := concat(" ", ["always has", format_int(workload.minReplicas, 10), "copies"]) if {
	workload.maxReplicas <= workload.minReplicas
} else := concat(" ", [
	"may grow to", format_int(workload.maxReplicas, 10),
	"copies, and needs", format_int(workload.neededAtPeak, 10), "at its known peak",
]) if {
	workload.maxReplicas < workload.neededAtPeak * 2
}
