# METADATA
# title: A ban strikes one client
# description: >-
#   Clients are told apart by their addresses, and a whole office, a school or a mobile network has one. A
#   throttle slows all of them while one is busy; a ban shuts all of them out for as long as it lasts.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: >-
#     The limit of {endpoint} bans an address for {seconds} s, and with it everybody who shares that address.
#   remediation: "Set `action: throttle` on the limit of {endpoint}."
#   references:
#     - https://cloud.google.com/armor/docs/rate-limiting-overview
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/
package rules.security.bans_strike_one_client

import data.lib.result

deny contains finding if {
	input.spec.service.spec.edge.exposure == "public"
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.rateLimit.action == "ban"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "rateLimit", "action"],
		{"endpoint": endpoint.name, "seconds": endpoint.rateLimit.banSeconds, "expected": "throttle"},
	)
}
