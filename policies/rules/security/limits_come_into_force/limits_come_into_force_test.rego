package rules.security.limits_come_into_force_test

import data.rules.security.limits_come_into_force as rule

test_a_preview_of_more_than_a_quarter_fails_at_the_mode if {
	rule.deny == {_finding("for 91 days now")} with input as _service("preview", 909)
}

test_a_preview_since_nobody_knows_when_fails_too if {
	rule.deny == {_finding("and since when is not said")} with input as _service("preview", null)
}

test_a_preview_of_a_quarter_and_a_limit_in_force_pass if {
	rule.deny == set() with input as _service("preview", 910)
	rule.deny == set() with input as _service("enforce", null)
}

_finding(since) := {
	"rule": "security/limits-come-into-force",
	"path": ["service", "spec", "endpoints", 0, "rateLimit", "mode"],
	"params": {"endpoint": "all", "since": since},
	"status": "failed",
}

_service(mode, day) := {"spec": {
	"today": 1000,
	"service": {"spec": {"endpoints": [
		{"name": "all", "rateLimit": {"mode": mode, "previewedOn": day}},
		{"name": "help", "rateLimit": null},
	]}},
}}
