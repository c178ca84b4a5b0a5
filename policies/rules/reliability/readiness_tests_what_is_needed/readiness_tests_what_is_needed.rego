# METADATA
# title: Readiness tests only what no request can do without
# description: >-
#   A copy that is not ready gets no requests, and what the probe tests is down for all copies at once. A
#   cache or a vendor that is called soft takes the whole service with it when readiness asks for it.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} is not ready without {check}, which is called soft."
#   remediation: >-
#     Take {check} out of `readiness.checks` of workload {workload}; or set `need: hard` for {check}, if no
#     request can be answered without it.
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/pods/probes/
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
package rules.reliability.readiness_tests_what_is_needed

import data.lib.result

deny contains finding if {
	some i, workload in _spec.workloads
	workload.kind != "cron"
	some j, check in workload.readiness.checks
	check in _soft
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "readiness", "checks", j],
		{"workload": workload.name, "check": check},
	)
}

_spec := input.spec.service.spec

_soft contains needed.name if {
	some needed in array.concat(_spec.stores, _spec.dependencies)
	needed.need == "soft"
}
