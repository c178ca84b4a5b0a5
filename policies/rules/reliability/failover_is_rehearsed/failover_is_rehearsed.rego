# METADATA
# title: Failover is rehearsed
# description: >-
#   Redundancy that is never used rots: a missing permission, a standby that is too small, a runbook for
#   last year's system. A rehearsal finds it on a quiet day.
# custom:
#   level: 4
#   severity: warning
#   stages: [spec]
#   message: "The last rehearsed failover of {service} is {value}."
#   remediation: "Fail {service} over, then write the day as `recovery.failoverTestedOn`; it holds for 90 days."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/perform-testing-for-recovery-from-failures
package rules.reliability.failover_is_rehearsed

import data.lib.result

deny contains finding if {
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "recovery", "failoverTestedOn"],
		{"service": input.spec.service.metadata.name, "value": _unrehearsed},
	)
}

_tested := input.spec.service.spec.recovery.failoverTestedOn

_unrehearsed := "missing" if _tested == null

_unrehearsed := concat(" ", [format_int(days, 10), "days ago"]) if {
	days := input.spec.today - _tested
	days > 90
}
