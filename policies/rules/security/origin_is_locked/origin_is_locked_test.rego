package rules.security.origin_is_locked_test

import data.rules.security.origin_is_locked as rule

test_a_cdn_of_unknown_ranges_fails_at_the_environment if {
	rule.deny == {_finding(["trustedProxies"], "names no ranges of it")} with input as _input("cloudflare", [])
}

test_trusting_the_whole_world_fails_at_the_range if {
	ranges := ["173.245.48.0/20", "0.0.0.0/0"]
	rule.deny == {_finding(["trustedProxies", 1], "trusts 0.0.0.0/0")} with input as _input("cloudflare", ranges)
}

test_trusting_a_part_of_the_world_that_no_cdn_has_fails_too if {
	every range in ["8.0.0.0/8", "96.0.0.0/11", "2400::/16"] {
		rule.deny == {_finding(["trustedProxies", 0], concat(" ", ["trusts", range]))} with input as _input(
			"cloudflare",
			[range],
		)
	}
	rule.deny == set() with input as _input("cloudflare", ["104.16.0.0/13", "2a06:98c0::/29"])
}

test_the_ranges_of_the_cdn_pass if {
	rule.deny == set() with input as _input("cloudflare", ["173.245.48.0/20"])
}

test_without_a_cdn_nothing_is_locked if {
	rule.deny == set() with input as _input("none", [])
}

test_without_a_cdn_its_ranges_mean_nothing if {
	rule.deny == set() with input as _input("none", ["0.0.0.0/0"])
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

test_a_policy_that_lets_everybody_in_fails_at_its_last_rule if {
	rule.deny == {_planned("failed")} with input as _plan("cloudflare", "allow")
}

test_a_policy_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan("cloudflare", {"$unknown": []})
}

test_a_policy_without_a_last_rule_fails_at_its_rules if {
	every rules in [[], [{"priority": 3000, "action": "deny(403)"}]] {
		rule.deny == {_at([], "failed")} with input as _policy("cloudflare", rules)
	}
	bare := json.remove(_policy("cloudflare", []), ["plan/resources/0/inputs/rules"])
	rule.deny == {_at([], "failed")} with input as bare
}

test_a_policy_whose_last_rule_nobody_knows_yet_is_undecided if {
	unknown := {"$unknown": []}
	rule.deny == {_at([], "undecided")} with input as _policy("cloudflare", unknown)
	first := {"priority": 3000, "action": "allow"}
	rule.deny == {_at([1, "priority"], "undecided")} with input as _policy("cloudflare", [first, unknown])
	last := {"priority": unknown, "action": "deny(403)"}
	rule.deny == {_at([1, "priority"], "undecided")} with input as _policy("cloudflare", [first, last])
}

test_what_nobody_knows_yet_of_other_rules_does_not_matter if {
	last := {"priority": 2147483647, "action": "deny(403)"}
	rule.deny == set() with input as _policy("cloudflare", [{"$unknown": []}, last])
}

test_a_policy_that_refuses_everybody_else_passes if {
	rule.deny == set() with input as _plan("cloudflare", "deny(403)")
}

test_without_a_cdn_everybody_may_come if {
	rule.deny == set() with input as _plan("none", "allow")
}

_planned(status) := _at([1, "action"], status)

_at(path, status) := {
	"rule": "security/origin-is-locked",
	"path": array.concat(["plan", "urn:policy", "inputs", "rules"], path),
	"params": {
		"host": "portal.acme.example",
		"proxy": "cloudflare",
		"environment": "live",
		"gap": "lets everybody reach portal-all",
	},
	"status": status,
}

_plan(proxy, action) := _policy(proxy, [
	{"priority": 3000, "action": "allow"},
	{"priority": 2147483647, "action": action},
])

_policy(proxy, rules) := object.union(_input(proxy, ["173.245.48.0/20"]), {"plan": {"resources": [{
	"urn": "urn:policy",
	"type": "gcp:compute/securityPolicy:SecurityPolicy",
	"name": "portal-all",
	"inputs": {"rules": rules},
}]}})
