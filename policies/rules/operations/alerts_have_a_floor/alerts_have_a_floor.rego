# METADATA
# title: Alerts wait for some traffic, and for no more than comes
# description: >-
#   At night one failed request of two is 50 % errors. Pages like that teach people not to read pages; a
#   least number of requests in the window prevents them. More than the busiest hour brings prevents all.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Alerts of {service} {fault}."
#   remediation: "Set `alerting.minimumRequests` to {expected}, or take it out: the default fits the traffic."
#   references:
#     - https://sre.google/workbook/alerting-on-slos/
#     - https://gitlab.com/gitlab-com/runbooks/-/blob/master/docs/metrics-catalog/service-level-monitoring.md
package rules.operations.alerts_have_a_floor

import data.lib.result

deny contains finding if {
	some fault in _faults
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "alerting", "minimumRequests"],
		{"service": input.spec.service.metadata.name, "fault": fault, "expected": input.spec.design.alertFloor},
	)
}

_faults contains "fire on a single request" if input.spec.service.spec.alerting.minimumRequests == 0

_faults contains fault if {
	[most, window, endpoint] := min([[alert.mostRequests, alert.window, alert.endpoint] |
		some alert in input.spec.design.alerts
		alert.mostRequests != null
		alert.minimumRequests > alert.mostRequests
	])
	fault := concat("", [
		"wait for ", format_int(input.spec.service.spec.alerting.minimumRequests, 10),
		" requests, and at most ", format_int(most, 10), " come to endpoint ", endpoint, " in ", window,
	])
}
