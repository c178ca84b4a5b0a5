# METADATA
# title: Readiness and liveness are different questions
# description: >-
#   Readiness asks whether a copy should get requests now, liveness whether it is beyond help. With one path
#   for both, a copy that only waits for its database is killed instead of being left alone.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} answers readiness and liveness with the same path, {path}."
#   remediation: "Give workload {workload} a `liveness.path` of its own that touches nothing else."
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/pods/probes/
#     - https://docs.gitlab.com/administration/monitoring/health_check/
package rules.reliability.probes_differ

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.readiness.by == "http"
	workload.liveness.by == "http"
	workload.readiness.path == workload.liveness.path
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "liveness", "path"],
		object.union({"workload": workload.name, "path": workload.liveness.path}, _fix(workload.readiness.path)),
	)
}

_usual := "/-/liveness"

_fix(readiness) := {"expected": _usual} if readiness != _usual

_fix(readiness) := {} if readiness == _usual
