# METADATA
# title: Requests may take longer than they should
# description: >-
#   A timeout at or below the latency objective cuts off the very requests that the objective is about: slow
#   ones become errors, and the latency alert never sees them.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{endpoint} is cut off after {timeout} seconds, but a request may take {latency} ms to count as fast."
#   remediation: "Raise `timeoutSeconds` of endpoint {endpoint} well above {latency} ms, or lower `slo.latencyMs`."
#   references:
#     - https://sre.google/workbook/implementing-slos/
#     - https://cloud.google.com/load-balancing/docs/backend-service#timeout-setting
package rules.performance.timeouts_fit_the_journey

import data.lib.result

deny contains finding if {
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.slo.latencyMs >= endpoint.timeoutSeconds * 1000
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "timeoutSeconds"],
		{
			"endpoint": endpoint.name,
			"timeout": endpoint.timeoutSeconds,
			"latency": endpoint.slo.latencyMs,
		},
	)
}
