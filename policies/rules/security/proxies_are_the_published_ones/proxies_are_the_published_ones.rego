# METADATA
# title: Trusted proxies are those that the CDN publishes
# description: >-
#   Whoever comes from a trusted range says itself which address the client has: limits and bans follow what
#   it says. A range that the CDN doesn't publish is somebody else's.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     Environment {environment} trusts {range}, which Cloudflare doesn't publish.
#   remediation: >-
#     Take {range} out of `trustedProxies` of {environment}, unless Cloudflare has published it since.
#   references:
#     - https://www.cloudflare.com/ips/
package rules.security.proxies_are_the_published_ones

import rego.v2

import data.lib.result

deny contains finding if {
	input.spec.design.edge.proxy == "cloudflare"
	some i, range in input.spec.environment.spec.trustedProxies
	not _is_published(range)
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "trustedProxies", i],
		{"environment": input.spec.environment.metadata.name, "range": range},
	)
}

_is_published(range) if {
	some published in _cloudflare
	net.cidr_contains(published, range)
}

# As of November 2026; they have been the same since 2021.
_cloudflare := {
	"173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18",
	"108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17",
	"162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
	"2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32",
	"2a06:98c0::/29", "2c0f:f248::/32",
}
