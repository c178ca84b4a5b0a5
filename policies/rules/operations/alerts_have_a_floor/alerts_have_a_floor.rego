# METADATA
# title: Alerts need some traffic to speak
# description: >-
#   At night one failed request of two is 50 % errors. Pages like that teach people not to read pages; a
#   least number of requests in the window prevents them.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Alerts of {service} fire on a single request."
#   remediation: "Set `alerting.minimumRequests` to 3600, one a second in the window of an hour, or what fits."
#   references:
#     - https://sre.google/workbook/alerting-on-slos/
#     - https://gitlab.com/gitlab-com/runbooks/-/blob/master/docs/metrics-catalog/service-level-monitoring.md
package rules.operations.alerts_have_a_floor

import data.lib.result

deny contains finding if {
	input.spec.service.spec.alerting.minimumRequests == 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "alerting", "minimumRequests"],
		{"service": input.spec.service.metadata.name, "expected": 3600},
	)
}
