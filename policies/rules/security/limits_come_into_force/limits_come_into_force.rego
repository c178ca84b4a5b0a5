# METADATA
# title: Limits come into force
# description: >-
#   A limit in preview counts and refuses nobody. A week shows whom it would hit; one that is in preview for
#   a quarter, or since nobody knows when, was forgotten, and stops no attack.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   declared: {field: spec.endpoints.rateLimit.previewedOn, beside: {mode: preview}}
#   message: >-
#     The limit of {endpoint} only counts, {since}.
#   remediation: >-
#     Set `mode: enforce` on the limit of {endpoint}, with the first day of its preview as `previewedOn`;
#     change `requests` first if it hit somebody honest.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/
#     - https://cloud.google.com/armor/docs/rate-limiting-overview
package rules.security.limits_come_into_force

import data.lib.result

deny contains finding if {
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.rateLimit.mode == "preview"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "rateLimit", "mode"],
		{"endpoint": endpoint.name, "since": _too_long(endpoint.rateLimit.previewedOn)},
	)
}

_too_long(null) := "and since when is not said"

_too_long(day) := concat(" ", ["for", format_int(input.spec.today - day, 10), "days now"]) if {
	day != null
	input.spec.today - day > 90
}
