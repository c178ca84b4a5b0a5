# METADATA
# title: Endpoints that attackers try are limited
# description: >-
#   Sign-in, payment, trial, seat-sync and token endpoints are where stolen passwords and cards are tried by
#   the thousand. A limit by client makes that slow, and the seat sync bearable.
# custom:
#   level: 2
#   severity: error
#   guards: [sign-in, payment]
#   stages: [spec]
#   message: "Endpoint {endpoint} takes {sensitive} requests without any limit."
#   remediation: "Add `rateLimit` with `requests` and `perSeconds` to endpoint {endpoint}; it starts in preview."
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/
#     - https://cloud.google.com/armor/docs/rate-limiting-overview
package rules.security.sensitive_endpoints_are_limited

import data.lib.result

deny contains finding if {
	input.spec.service.spec.edge.exposure != "internal" # nobody could limit calls within the cluster
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.sensitive != "none"
	endpoint.rateLimit == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "rateLimit"],
		{"endpoint": endpoint.name, "sensitive": endpoint.sensitive},
	)
}
