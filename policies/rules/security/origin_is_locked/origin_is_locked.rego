# METADATA
# title: An origin behind a CDN takes only the CDN
# description: >-
#   The CDN's limits and rules protect only what comes through it. An origin that also answers the rest of
#   the world is attacked there.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec, plan]
#   message: "{host} is behind {proxy}, but environment {environment} {gap}."
#   remediation: "Write the published ranges of {proxy}, no others, as `trustedProxies` of {environment}."
#   references:
#     - https://developers.cloudflare.com/fundamentals/security/protect-your-origin-server/
#     - https://www.cloudflare.com/ips/
package rules.security.origin_is_locked

import rego.v2

import data.lib.plan
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
	_is_wide(range)
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "trustedProxies", i],
		_params(concat(" ", ["trusts", range])),
	)
}

deny contains finding if {
	_edge.proxy != "none"
	some policy in plan.resources_of("gcp:compute/securityPolicy:SecurityPolicy")
	rules := object.get(policy.inputs, "rules", [])
	last := [i | some i, rule in rules; rule.priority == _last]
	not startswith(rules[last[0]].action, "deny")
	finding := result.fail(
		rego.metadata.chain(),
		_place(policy, last),
		_params(concat(" ", ["lets everybody reach", policy.name])),
	)
}

# The last rule of a policy is the one for everybody else. Without one, Google adds one that allows.
_last := 2147483647

_place(policy, last) := plan.place(policy, ["inputs", "rules", last[0], "action"], [])

_place(policy, []) := plan.place(policy, ["inputs", "rules"], priorities) if {
	priorities := [["inputs", "rules", i, "priority"] | some i, _ in policy.inputs.rules; is_number(i)]
}

_edge := input.spec.design.edge

_trusted := input.spec.environment.spec.trustedProxies

_params(gap) := {
	"host": _edge.host,
	"proxy": _edge.proxy,
	"environment": input.spec.environment.metadata.name,
	"gap": gap,
}

# The widest ranges of a CDN have a prefix of 13 bits, or 29 of IPv6: https://www.cloudflare.com/ips/.
_is_wide(range) if {
	not contains(range, ":")
	to_number(split(range, "/")[1]) < 12
}

_is_wide(range) if {
	contains(range, ":")
	to_number(split(range, "/")[1]) < 28
}
