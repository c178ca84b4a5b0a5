# METADATA
# title: Every alert can fire
# description: >-
#   A burn-rate alert fires above factor × (1 − objective). With a low objective that is more than 100 %:
#   CustomersDot's own latency objective of 90 % gives a fast alert that can never fire.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   declared: {field: spec.endpoints, proof: operations/promises-are-measured}
#   message: "The {sli} alert of {endpoint} over {windows} can't fire with an objective of {objective} %."
#   remediation: >-
#     Raise `slo.{sli}` of endpoint {endpoint} to {expected} or more, or take {windows} out of
#     `alerting.windows`.
#   references:
#     - https://sre.google/workbook/alerting-on-slos/
#     - https://gitlab.com/gitlab-com/runbooks/-/blob/master/metrics-catalog/services/customersdot.jsonnet
package rules.reliability.alerts_can_fire

import data.lib.result
import data.lib.words

deny contains finding if {
	some i, endpoint in input.spec.design.endpoints
	some sli in ["availability", "latency"]
	dead := [alert |
		some j in _dead[endpoint.name]
		alert := input.spec.design.alerts[j]
		alert.sli == sli
	]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "slo", sli],
		{
			"endpoint": endpoint.name,
			"sli": sli,
			"windows": words.listed([alert.window | some alert in dead]),
			"objective": dead[0].objective,
			"expected": max([alert.leastObjective | some alert in dead]),
		},
	)
}

_dead[alert.endpoint] contains j if {
	some j, alert in input.spec.design.alerts
	alert.threshold >= 1
}
