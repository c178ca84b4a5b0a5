# METADATA
# title: An origin behind a CDN takes only the CDN
# description: >-
#   The CDN's limits and rules protect only what comes through it. An origin that also answers the rest of
#   the world is attacked there.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{host} is behind {proxy}, but environment {environment} {gap}."
#   remediation: "Write the published ranges of {proxy} into `trustedProxies` of environment {environment}, no others."
#   references:
#     - https://developers.cloudflare.com/fundamentals/security/protect-your-origin-server/
#     - https://www.cloudflare.com/ips/
package rules.security.origin_is_locked

import data.lib.result

deny contains finding if {
	_edge.proxy != "none"
	count(_trusted) == 0
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "trustedProxies"],
		_params("names no ranges of it"),
	)
}

deny contains finding if {
	_edge.proxy != "none"
	some i, range in _trusted
	endswith(range, "/0")
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "trustedProxies", i],
		_params(concat(" ", ["trusts", range])),
	)
}

_edge := input.spec.design.edge

_trusted := input.spec.environment.spec.trustedProxies

_params(gap) := {
	"host": _edge.host,
	"proxy": _edge.proxy,
	"environment": input.spec.environment.metadata.name,
	"gap": gap,
}
