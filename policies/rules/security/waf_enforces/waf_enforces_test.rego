package rules.security.waf_enforces_test

import data.rules.security.waf_enforces as rule

test_a_firewall_in_preview_fails_at_its_mode if {
	every day in [null, 994] {
		rule.deny == {_finding({})} with input as _input("public", "preview", day)
	}
}

test_after_seven_days_with_a_log_that_shows_no_false_alarm_it_may_refuse if {
	rule.deny == {_finding({"expected": "enforce"})} with input as _seen("preview", 993, 0)
}

test_a_day_alone_or_a_log_that_shows_one_is_no_reason_to_refuse if {
	every document in [
		_input("public", "preview", 993),
		_seen("preview", 994, 0),
		_seen("preview", null, 0),
		_seen("preview", 993, 1),
	] {
		rule.deny == {_finding({})} with input as document
	}
}

test_a_log_of_one_of_two_journeys_is_no_reason_either if {
	document := json.patch(_seen("preview", 993, 0), [{
		"op": "add",
		"path": "/spec/design/securityPolicies/0/digests/other",
		"value": "of another",
	}])
	rule.deny == {_finding({})} with input as document
}

test_a_firewall_that_refuses_passes if {
	rule.deny == set() with input as _input("public", "enforce", 993)
}

test_a_service_for_employees_has_another_guard if {
	rule.deny == set() with input as _input("employees", "preview", null)
}

test_no_firewall_is_not_judged_here if {
	document := json.patch(_input("public", "preview", null), [{
		"op": "replace",
		"path": "/spec/design/edge/wafProfile",
		"value": "off",
	}])
	rule.deny == set() with input as document
}

_finding(fix) := {
	"rule": "security/waf-enforces",
	"path": ["service", "spec", "edge", "waf", "mode"],
	"params": object.union({"service": "portal"}, fix),
	"status": "failed",
}

_seen(mode, day, answered) := object.union(_input("public", mode, day), {"spec": {
	"design": {"securityPolicies": [{"digests": {"all": "d"}}]},
	"catalog": {"previews": [{
		"days": 7,
		"journeys": [{"digest": "d", "requests": 9, "answered": answered, "undecided": 0}],
	}]},
}})

_input(exposure, mode, day) := {"spec": {
	"service": {"metadata": {"name": "portal"}},
	"design": {"edge": {
		"exposure": exposure,
		"wafProfile": "baseline",
		"wafMode": mode,
		"wafPreviewedOn": day,
	}},
	"today": 1000,
}}
