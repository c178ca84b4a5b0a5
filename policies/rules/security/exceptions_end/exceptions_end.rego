# METADATA
# title: Exceptions of the firewall end
# description: >-
#   A hole that was needed for a day is still there in five years, and nobody knows for whom; so is a list of
#   addresses that somebody else has by then. An owner, a reason and a last day within half a year make somebody
#   look at it again.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec]
#   message: "`{field}` of firewall entry {exception} is {value}; it has to be {wanted}."
#   remediation: "Write `{field}` of {exception} as {wanted}, or remove that entry."
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/bypass-policy/
package rules.security.exceptions_end

import data.lib.result

deny contains finding if {
	some at, exception in _exceptions
	finding := result.fail(rego.metadata.chain(), _path(at, "owner"), {
		"exception": exception.name,
		"field": "owner",
		"value": _nobody(exception.owner),
		"wanted": "a team of the catalog",
		"expected": input.spec.service.metadata.owner,
	})
}

deny contains finding if {
	some at, exception in _exceptions
	exception.reason == null
	finding := result.fail(rego.metadata.chain(), _path(at, "reason"), {
		"exception": exception.name,
		"field": "reason",
		"value": "missing",
		"wanted": "a sentence",
	})
}

deny contains finding if {
	some at, exception in _exceptions
	finding := result.fail(rego.metadata.chain(), _path(at, "expires"), {
		"exception": exception.name,
		"field": "expires",
		"value": _no_end(exception.expires),
		"wanted": "a day within the next 180",
	})
}

_exceptions[["exceptions", i]] := exception if {
	some i, exception in input.spec.service.spec.edge.waf.exceptions
}

# A core rule that is left out is a hole of the same kind, on all paths.
_exceptions[["leftOut", i]] := object.union(left_out, {"name": format_int(left_out.rule, 10)}) if {
	some i, left_out in input.spec.service.spec.edge.waf.leftOut
}

# So is a range that is refused, for whoever has its addresses next.
_exceptions[["blocked", i]] := blocked if {
	some i, blocked in input.spec.service.spec.edge.waf.blocked
}

_path(at, field) := array.concat(array.concat(["service", "spec", "edge", "waf"], at), [field])

_nobody(owner) := "missing" if owner == null

_nobody(owner) := owner if {
	owner != null
	every team in input.spec.catalog.teams { team.name != owner }
}

_no_end(day) := "missing" if day == null

_no_end(day) := concat(" ", [_days(days), "ago"]) if {
	days := input.spec.today - day
	days > 0
}

_no_end(day) := concat(" ", [_days(days), "away"]) if {
	days := day - input.spec.today
	days > 180
}

_days(1) := "1 day"

_days(n) := concat(" ", [format_int(n, 10), "days"]) if n != 1
