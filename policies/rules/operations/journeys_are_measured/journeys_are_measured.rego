# METADATA
# title: What users do is measured
# description: >-
#   Machines can be well while nobody can buy. Each web workload needs a journey whose requests, errors and
#   latency count into the error budget.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "No journey that counts leads to workload {workload}."
#   remediation: "Give an endpoint of workload {workload} a `weight` of 1 or more; add one if there is none."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/set-targets
#     - https://sre.google/workbook/implementing-slos/
package rules.operations.journeys_are_measured

import rego.v2

import data.lib.result

deny contains finding if {
	some workload in input.spec.service.spec.workloads
	workload.kind == "web"
	not _is_measured(workload.name)
	[path, fix] := _place(workload.name)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service", "spec", "endpoints"], path),
		object.union({"workload": workload.name}, fix),
	)
}

_is_measured(workload) if {
	some endpoint in input.spec.service.spec.endpoints
	endpoint.workload == workload
	endpoint.weight > 0
}

_endpoints(workload) := [i | some i, endpoint in input.spec.service.spec.endpoints; endpoint.workload == workload]

_place(workload) := [[_endpoints(workload)[0], "weight"], {"expected": 1}]

_place(workload) := [[], {}] if count(_endpoints(workload)) == 0
