# METADATA
# title: Rules refuse only after a week of preview
# description: >-
#   A new firewall rule or limit always hits somebody honest: a vendor's callouts, an office behind one
#   address. A week in preview shows them in the log instead of at the door.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec]
#   declared:
#     field: [spec.edge.waf.previewedOn, spec.endpoints.rateLimit.previewedOn]
#     beside: {mode: enforce}
#     purposes: [production]
#     proof: security/enforcement-has-evidence
#   message: "{what} refuses requests after {seen} of preview, not 7 days."
#   remediation: >-
#     Set `mode: preview`, write its first day as `previewedOn`, and enforce seven days later, with a replay of that
#     week's log as `edge.evidence` (`pave edge replay`).
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/
#     - https://cloud.google.com/armor/docs/security-policy-overview
package rules.security.enforcement_follows_preview

import data.lib.result

# Where nobody is a customer, nobody honest is hit: what refuses there at once is tried there first.
deny contains finding if {
	_is_production
	waf := input.spec.service.spec.edge.waf
	waf.profile == "baseline"
	waf.mode == "enforce"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "mode"],
		{"what": "The firewall", "seen": _too_short(waf.previewedOn), "expected": "preview"},
	)
}

deny contains finding if {
	_is_production
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.rateLimit.mode == "enforce"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "rateLimit", "mode"],
		{
			"what": concat(" ", ["The limit of", endpoint.name]),
			"seen": _too_short(endpoint.rateLimit.previewedOn),
			"expected": "preview",
		},
	)
}

_is_production if input.spec.environment.spec.purpose == "production"

_too_short(day) := "no day" if day == null

_too_short(day) := "no day" if day > input.spec.today

_too_short(day) := _days(days) if {
	days := input.spec.today - day
	days >= 0
	days < 7
}

_days(1) := "1 day"

_days(n) := concat(" ", [format_int(n, 10), "days"]) if n != 1
