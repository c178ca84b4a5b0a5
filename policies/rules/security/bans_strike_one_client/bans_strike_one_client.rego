# METADATA
# title: A ban strikes one client
# description: >-
#   Clients are told apart by their addresses, and a whole office, a school or a mobile network has one: of
#   employees most of all. A throttle slows all of them while one is busy; a ban shuts all of them out for as long as it lasts. Where
#   the key holds no address at all, it shuts out everybody who asks for the same path, say.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: >-
#     The limit of {endpoint} bans {whom} for {seconds} s, and with it everybody who shares that.
#   remediation: "Set `action: throttle` on the limit of {endpoint}."
#   references:
#     - https://cloud.google.com/armor/docs/rate-limiting-overview
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/
package rules.security.bans_strike_one_client

import rego.v2

import data.lib.result
import data.lib.words

deny contains finding if {
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.rateLimit.action == "ban"
	input.spec.service.spec.edge.exposure != "internal"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "rateLimit", "action"],
		{
			"endpoint": endpoint.name,
			"seconds": endpoint.rateLimit.banSeconds,
			"whom": _whom(endpoint.rateLimit),
			"expected": "throttle",
		},
	)
}

_has_address(limit) if limit.key == null

_has_address(limit) if "address" in limit.key.by

_whom(limit) := "an address" if _has_address(limit)

_whom(limit) := words.listed([concat(" ", ["a", each]) | some each in limit.key.by]) if not _has_address(limit)
