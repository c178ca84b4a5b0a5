# METADATA
# title: What is told of a test is past, and has its day
# description: >-
#   A day that is yet to come says when somebody means to test, and a measured time without its day may be of
#   any system there ever was. Neither is evidence, and other rules would take both for it.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "`recovery.{field}` of {service} {fault}."
#   remediation: "Write as `recovery.{field}` the day of the last test that was made, or take out what is told of it."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/perform-testing-for-recovery-from-data-loss
package rules.reliability.tests_are_past

import data.lib.result

deny contains finding if {
	some field in ["failoverTestedOn", "restoreTestedOn"]
	_recovery[field] > input.spec.today
	finding := _finding(field, "is a day that is yet to come")
}

deny contains finding if {
	_recovery.restoreMinutes != null
	_recovery.restoreTestedOn == null
	finding := _finding("restoreTestedOn", "is missing, so that `restoreMinutes` was measured on no day")
}

_recovery := input.spec.service.spec.recovery

_finding(field, fault) := result.fail(
	rego.metadata.chain(),
	["service", "spec", "recovery", field],
	{"service": input.spec.service.metadata.name, "field": field, "fault": fault},
)
