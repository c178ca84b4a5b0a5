# METADATA
# title: Recovery is promised, and was tried lately
# description: >-
#   An untested backup is a hope. What counts is how long the last restore took and how much it lost,
#   against what was promised; after 90 days the answer is about another system.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "`recovery.{field}` of {service} is {value}; it has to be {wanted}."
#   remediation: "Write `recovery.{field}` of {service} as {wanted}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/perform-testing-for-recovery-from-data-loss
#     - https://gitlab.com/gitlab-com/runbooks/-/blob/master/docs/customersdot/backups.md
package rules.reliability.recovery_is_tested

import data.lib.result

deny contains finding if {
	some field in _promises
	_recovery[field] == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "recovery", field],
		_params(field, "missing", "a number of minutes"),
	)
}

deny contains finding if {
	some store in input.spec.design.stores
	some recovery in store.recoveries
	recovery.means != "nothing"
	recovery.rtoMinutes == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "recovery", "restoreMinutes"],
		_params("restoreMinutes", "missing", "the minutes that the last restore took"),
	)
}

deny contains finding if {
	_holds_data
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "recovery", "restoreTestedOn"],
		_params("restoreTestedOn", _untested, "a day of the last 90 on which a backup was restored"),
	)
}

_recovery := input.spec.service.spec.recovery

# What can't be lost needs no promise about how much of it is lost.
_promises contains "rtoMinutes"

_promises contains "rpoMinutes" if _holds_data

_holds_data if {
	some store in input.spec.service.spec.stores
	store.family in {"bucket", "database"}
}

_untested := "missing" if {
	_recovery.restoreTestedOn == null
	object.get(_recovery, "restoreMinutes", null) == null # else tests-are-past asks for the day
}

_untested := concat(" ", [format_int(days, 10), "days ago"]) if {
	days := input.spec.today - _recovery.restoreTestedOn
	days > 90
}

_params(field, value, wanted) := {
	"service": input.spec.service.metadata.name,
	"field": field,
	"value": value,
	"wanted": wanted,
}
