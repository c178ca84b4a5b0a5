# METADATA
# title: Limits leave room for others
# description: >-
#   Limits count for each journey by itself, and a client that uses all of them has the sum. Where that is
#   more than the copies behind them answer, one client takes the service away from everybody while each limit
#   holds.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: >-
#     By its limits one client may send {client} requests a second to {workload}, whose copies answer {carries}.
#   remediation: >-
#     Lower `requests` in the limits of the endpoints of {workload}, or give it more copies with
#     `replicas.min`.
#   references:
#     - https://cloud.google.com/armor/docs/rate-limiting-overview
#     - https://sre.google/sre-book/handling-overload/
package rules.performance.limits_protect_the_copies

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.design.workloads
	workload.clientPerSecond > workload.carriesPerSecond
	workload.carriesPerSecond != null
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "workloads", i], {
		"workload": workload.name,
		"client": workload.clientPerSecond,
		"carries": workload.carriesPerSecond,
	})
}
