package rules.security.zone_baseline_is_kept_test

import data.rules.security.zone_baseline_is_kept as rule

test_a_firewall_below_the_zones_fails_at_its_sensitivity if {
	rule.deny == {{
		"rule": "security/zone-baseline-is-kept",
		"path": ["service", "spec", "edge", "waf", "sensitivity"],
		"params": {
			"what": "`edge.waf.sensitivity`",
			"value": 1,
			"environment": "live",
			"wanted": "2 or more",
			"fix": "Set `edge.waf.sensitivity` to 2 or more and replay a log first.",
			"expected": 2,
		},
		"status": "failed",
	}} with input as _input(1, 2, null)
}

test_a_firewall_as_strict_as_the_zones_passes if {
	rule.deny == set() with input as _input(2, 2, null)
}

test_a_group_of_the_baseline_below_the_zones_fails_at_itself_and_one_beyond_it_never if {
	document := json.patch(_input(2, 2, null), [
		{"op": "add", "path": "/spec/service/spec/edge", "value": {"waf": {"groups": {
			"sqli": null,
			"xss": 1,
			"php": 1,
			"rce": 2,
		}}}},
		{"op": "add", "path": "/spec/design/edge/wafGroups", "value": [
			{"name": "sqli", "sensitivity": 1, "isBaseline": true},
			{"name": "xss", "sensitivity": 1, "isBaseline": true},
			{"name": "rce", "sensitivity": 2, "isBaseline": true},
			{"name": "php", "sensitivity": 1, "isBaseline": false},
		]},
	])
	rule.deny == {{
		"rule": "security/zone-baseline-is-kept",
		"path": ["service", "spec", "edge", "waf", "groups", "xss"],
		"params": {
			"what": "`edge.waf.groups.xss`",
			"value": 1,
			"environment": "live",
			"wanted": "2 or more",
			"fix": "Set it to 2 or more and replay a log first, or remove it: `sensitivity` holds then.",
			"expected": 2,
		},
		"status": "failed",
	}} with input as document
}

test_no_firewall_at_all_is_another_rules if {
	document := json.patch(_input(1, 2, null), [{
		"op": "replace",
		"path": "/spec/design/edge/wafProfile",
		"value": "off",
	}])
	rule.deny == set() with input as document
	rule.deny == set() with input as _input(0, 2, null)
}

test_a_limit_above_the_zones_fails_whatever_its_period if {
	rule.deny == {{
		"rule": "security/zone-baseline-is-kept",
		"path": ["service", "spec", "endpoints", 0, "rateLimit", "requests"],
		"params": {
			"what": "The limit of all",
			"value": "101 in 10 s",
			"environment": "live",
			"wanted": "600 in 60 s at most",
			"fix": "Lower the limit of all to 600 in 60 s or remove it: then the zone's holds.",
		},
		"status": "failed",
	}} with input as _input(2, 2, {"requests": 101, "perSeconds": 10})
}

test_a_limit_of_as_much_as_the_zones_passes if {
	rule.deny == set() with input as _input(2, 2, {"requests": 100, "perSeconds": 10})
}

test_a_zone_that_asks_for_nothing_asks_nothing if {
	rule.deny == set() with input as {"spec": {
		"service": {"spec": {"endpoints": [{"name": "all", "rateLimit": {"requests": 9999, "perSeconds": 10}}]}},
		"design": {"edge": {"wafProfile": "baseline", "wafSensitivity": 1, "baseline": null}},
	}}
}

_input(sensitivity, wanted, limit) := {"spec": {
	"environment": {"metadata": {"name": "live"}},
	"service": {"spec": {"endpoints": [{"name": "all", "rateLimit": limit}]}},
	"design": {"edge": {
		"wafProfile": "baseline",
		"wafSensitivity": sensitivity,
		"baseline": {"sensitivity": wanted, "limit": {"requests": 600, "perSeconds": 60}},
	}},
}}
