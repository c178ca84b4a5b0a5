package rules.security.enforcement_follows_preview_test

import data.rules.security.enforcement_follows_preview as rule

test_a_firewall_that_nobody_watched_fails_at_its_mode if {
	rule.deny == {_firewall("no day")} with input as _service("enforce", null, null)
}

test_a_firewall_watched_for_six_days_fails if {
	rule.deny == {_firewall("6 days")} with input as _service("enforce", 994, null)
}

test_a_firewall_watched_for_a_day_fails if {
	rule.deny == {_firewall("1 day")} with input as _service("enforce", 999, null)
}

test_no_firewall_refuses_nothing if {
	document := json.patch(_service("enforce", null, null), [{
		"op": "replace",
		"path": "/spec/service/spec/edge/waf/profile",
		"value": "off",
	}])
	rule.deny == set() with input as document
}

test_a_preview_that_is_yet_to_begin_is_none if {
	rule.deny == {_firewall("no day")} with input as _service("enforce", 1001, null)
}

test_a_limit_that_nobody_watched_fails_at_its_mode if {
	rule.deny == {{
		"rule": "security/enforcement-follows-preview",
		"path": ["service", "spec", "endpoints", 0, "rateLimit", "mode"],
		"params": {"what": "The limit of sign-in", "seen": "0 days", "expected": "preview"},
		"status": "failed",
	}} with input as _service("preview", null, {"mode": "enforce", "previewedOn": 1000})
}

test_seven_days_are_enough if {
	rule.deny == set() with input as _service("enforce", 993, {"mode": "enforce", "previewedOn": 993})
}

test_where_nobody_is_a_customer_there_is_nobody_to_watch if {
	document := json.patch(_service("enforce", null, null), [{
		"op": "replace",
		"path": "/spec/environment/spec/purpose",
		"value": "staging",
	}])
	rule.deny == set() with input as document
}

test_preview_itself_needs_no_day if {
	rule.deny == set() with input as _service("preview", null, {"mode": "preview", "previewedOn": null})
}

_firewall(seen) := {
	"rule": "security/enforcement-follows-preview",
	"path": ["service", "spec", "edge", "waf", "mode"],
	"params": {"what": "The firewall", "seen": seen, "expected": "preview"},
	"status": "failed",
}

_service(mode, day, limit) := {"spec": {
	"service": {"spec": {
		"edge": {"waf": {"profile": "baseline", "mode": mode, "previewedOn": day}},
		"endpoints": [{"name": "sign-in", "rateLimit": limit}],
	}},
	"environment": {"spec": {"purpose": "production"}},
	"today": 1000,
}}
