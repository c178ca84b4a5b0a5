# METADATA
# title: The firewall refuses what it recognises
# description: >-
#   Preview only logs: it is for the first week, in which false alarms are found without hurting customers.
#   A firewall that stays in preview protects nobody.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: "The firewall of {service} only logs attacks."
#   remediation: >-
#     Write the first day of preview as `edge.waf.previewedOn`, and after seven days without false alarms set
#     `edge.waf.mode: enforce`.
#   references:
#     - https://cloud.google.com/armor/docs/security-policy-overview
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/
package rules.security.waf_enforces

import data.lib.result

deny contains finding if {
	input.spec.design.edge.exposure == "public"
	input.spec.design.edge.wafProfile == "baseline"
	input.spec.design.edge.wafMode == "preview"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "mode"],
		object.union({"service": input.spec.service.metadata.name}, _fix),
	)
}

default _fix := {}

_fix := {"expected": "enforce"} if {
	input.spec.today - input.spec.design.edge.wafPreviewedOn >= 7
}
