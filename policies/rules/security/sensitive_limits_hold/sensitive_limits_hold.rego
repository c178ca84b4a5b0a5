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
#   message: "Endpoint {endpoint} takes {sensitive} requests, and {why}."
#   remediation: "{fix}; without a key its address counts."
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
		{
			"endpoint": endpoint.name,
			"sensitive": endpoint.sensitive,
			"why": concat(" ", ["a client gets a new allowance whenever it changes", chosen]),
			"fix": concat(" ", ["Leave", chosen, "out of the `key` of the limit of", endpoint.name]),
		},
	)
}

# A country is no client: everybody there shares the allowance, and whoever tries passwords has as much of it as
# all who know theirs.
deny contains finding if {
	input.spec.service.spec.edge.exposure != "internal"
	some i, endpoint in input.spec.service.spec.endpoints
	endpoint.sensitive != "none"
	key := endpoint.rateLimit.key
	{part | some part in key.by} == {"region"}
	key.header == null
	key.cookie == null
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "endpoints", i, "rateLimit", "key", "by"], {
		"endpoint": endpoint.name,
		"sensitive": endpoint.sensitive,
		"why": "all clients of a country share one allowance",
		"fix": concat(" ", ["Add `address` to `by` in the `key` of the limit of", endpoint.name]),
	})
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
