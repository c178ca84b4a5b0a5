package rules.security.proxies_are_the_published_ones_test

import data.rules.security.proxies_are_the_published_ones as rule

test_a_range_of_somebody_else_is_said_where_it_stands if {
	every range in ["8.0.0.0/8", "173.245.0.0/16", "2400::/16"] {
		rule.deny == {{
			"rule": "security/proxies-are-the-published-ones",
			"path": ["environment", "spec", "trustedProxies", 1],
			"params": {"environment": "live", "range": range},
			"status": "failed",
		}} with input as _input("cloudflare", ["173.245.48.0/20", range])
	}
}

test_published_ranges_and_parts_of_them_pass if {
	rule.deny == set() with input as _input("cloudflare", ["104.16.0.0/13", "173.245.48.0/24", "2606:4700::/32"])
}

test_without_a_cdn_they_mean_nothing if {
	rule.deny == set() with input as _input("none", ["8.0.0.0/8"])
}

_input(proxy, ranges) := {"spec": {
	"environment": {"metadata": {"name": "live"}, "spec": {"trustedProxies": ranges}},
	"design": {"edge": {"proxy": proxy}},
}}
