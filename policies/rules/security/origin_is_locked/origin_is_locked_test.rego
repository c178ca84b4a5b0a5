package rules.security.origin_is_locked_test

import data.rules.security.origin_is_locked as rule

test_a_cdn_of_unknown_ranges_fails_at_the_environment if {
	rule.deny == {_finding(["trustedProxies"], "names no ranges of it")} with input as _input("cloudflare", [])
}

test_trusting_the_whole_world_fails_at_the_range if {
	rule.deny == {_finding(["trustedProxies", 1], "trusts 0.0.0.0/0")} with input as _input("cloudflare", ["173.245.48.0/20", "0.0.0.0/0"])
}

test_the_ranges_of_the_cdn_pass if {
	rule.deny == set() with input as _input("cloudflare", ["173.245.48.0/20"])
}

test_without_a_cdn_nothing_is_locked if {
	rule.deny == set() with input as _input("none", [])
}

_finding(at, gap) := {
	"rule": "security/origin-is-locked",
	"path": array.concat(["environment", "spec"], at),
	"params": {"host": "portal.acme.example", "proxy": "cloudflare", "environment": "live", "gap": gap},
	"status": "failed",
}

_input(proxy, ranges) := {"spec": {
	"environment": {"metadata": {"name": "live"}, "spec": {"trustedProxies": ranges}},
	"design": {"edge": {"host": "portal.acme.example", "proxy": proxy}},
}}
