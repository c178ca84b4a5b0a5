# METADATA
# title: A copy that stops finishes its requests
# description: >-
#   Every deploy stops every copy. One that is killed before its longest request may end cuts off a payment
#   that the customer has already confirmed.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} is stopped after {seconds} seconds, but {endpoint} may take {timeout}."
#   remediation: "Set `shutdownSeconds` of workload {workload} to {timeout} or more."
#   references:
#     - https://cloud.google.com/load-balancing/docs/enabling-connection-draining
#     - https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
package rules.reliability.shutdown_lets_requests_finish

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	[timeout, endpoint] := max(_timeouts[workload.name])
	workload.shutdownSeconds < timeout
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "shutdownSeconds"],
		{
			"workload": workload.name,
			"seconds": workload.shutdownSeconds,
			"endpoint": endpoint,
			"timeout": timeout,
			"expected": timeout,
		},
	)
}

_timeouts[endpoint.workload] contains [endpoint.timeoutSeconds, endpoint.name] if {
	some endpoint in input.spec.service.spec.endpoints
}
