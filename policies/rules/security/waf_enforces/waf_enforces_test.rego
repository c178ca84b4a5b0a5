package rules.security.waf_enforces_test

import data.rules.security.waf_enforces as rule

test_a_firewall_in_preview_fails_at_its_mode if {
	every day in [null, 994] {
		rule.deny == {_finding({})} with input as _input("public", "preview", day)
	}
}

test_after_seven_days_it_may_refuse if {
	rule.deny == {_finding({"expected": "enforce"})} with input as _input("public", "preview", 993)
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
