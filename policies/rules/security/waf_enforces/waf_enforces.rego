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
#     Write the first day of preview as `edge.waf.previewedOn`, replay seven days of the log (`pave edge replay`), and
#     when that shows no false alarms write it as `edge.evidence`, and set `edge.waf.mode: enforce`.
#   references:
#     - https://cloud.google.com/armor/docs/security-policy-overview
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/
package rules.security.waf_enforces

import data.lib.evidence
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

# A day in a file doesn't say what was seen since.
_fix := {"expected": "enforce"} if {
	input.spec.today - input.spec.design.edge.wafPreviewedOn >= 7
	count(_digests) > 0
	every digest in _digests {
		evidence.proven[digest]
	}
}

_digests contains digest if {
	some policy in input.spec.design.securityPolicies
	some digest in policy.digests
}
