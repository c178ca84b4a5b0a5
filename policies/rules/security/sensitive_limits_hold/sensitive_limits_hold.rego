# METADATA
# title: Limits of sensitive endpoints hold
# description: >-
#   What a client sends, it may change: a header, a cookie, the path, how it speaks TLS. A limit whose key holds
#   one of these gives it a new allowance with each change, so that whoever tries stolen passwords isn't limited
#   at all. Where it comes from is what it can't choose as easily.
# custom:
#   level: 2
#   severity: error
#   guards: [sign-in, payment]
#   stages: [spec]
#   message: >-
#     Endpoint {endpoint} takes {sensitive} requests, and a client gets a new allowance whenever it changes
#     {chosen}.
#   remediation: >-
#     Leave {chosen} out of the `key` of the limit of {endpoint}; without a key its address counts.
#   references:
#     - https://cloud.google.com/armor/docs/rate-limiting-overview
#     - https://owasp.org/www-project-automated-threats-to-web-applications/
package rules.security.sensitive_limits_hold

import data.lib.result

deny contains finding if {
	input.spec.service.spec.edge.exposure != "internal"
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.sensitive != "none"
	some at, chosen in _chosen(endpoint.rateLimit.key)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service", "spec", "endpoints", i, "rateLimit", "key"], at),
		{"endpoint": endpoint.name, "sensitive": endpoint.sensitive, "chosen": chosen},
	)
}

_chosen(key) := object.union(
	{["by", i]: name | some i, part in key.by; name := _words[part]},
	{[kind]: name |
		some kind in ["header", "cookie"]
		key[kind] != null
		name := concat(" ", ["the", kind, key[kind]])
	},
)

_words := {"path": "the path", "ja4": "how it speaks TLS"}
