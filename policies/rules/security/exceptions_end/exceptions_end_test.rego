package rules.security.exceptions_end_test

import data.rules.security.exceptions_end as rule

test_an_exception_of_nobody_for_nothing_and_for_ever_fails_thrice if {
	rule.deny == {
		_finding("owner", "missing", {"wanted": "a team of the catalog", "expected": "payments"}),
		_finding("reason", "missing", {"wanted": "a sentence"}),
		_finding("expires", "missing", {"wanted": "a day within the next 180"}),
	} with input as _service(null, null, null)
}

test_an_exception_of_an_unknown_team_fails if {
	rule.deny == {_finding("owner", "pirates", {
		"wanted": "a team of the catalog",
		"expected": "payments",
	})} with input as _service("pirates", "callouts", 1000)
}

test_an_exception_that_has_ended_fails if {
	rule.deny == {_expiry("1 day ago")} with input as _service("payments", "callouts", 999)
}

test_an_exception_that_ends_after_half_a_year_fails if {
	rule.deny == {_expiry("181 days away")} with input as _service("payments", "callouts", 1181)
}

test_an_exception_holds_on_its_last_day if {
	rule.deny == set() with input as _service("payments", "callouts", 1000)
}

test_an_exception_may_be_given_for_half_a_year if {
	rule.deny == set() with input as _service("payments", "callouts", 1180)
}

test_a_core_rule_that_is_left_out_for_ever_fails_too if {
	some finding in rule.deny with input as {"spec": {
		"service": {
			"metadata": {"owner": "payments"},
			"spec": {"edge": {"waf": {"exceptions": [], "leftOut": [{
				"rule": 942100,
				"owner": "payments",
				"reason": "order notes",
				"expires": null,
			}]}}},
		},
		"catalog": {"teams": [{"name": "payments"}]},
		"today": 1000,
	}}
	finding.path == ["service", "spec", "edge", "waf", "leftOut", 0, "expires"]
	finding.params.exception == "942100"
}

test_a_range_that_is_refused_for_ever_fails_too if {
	some finding in rule.deny with input as {"spec": {
		"service": {
			"metadata": {"owner": "payments"},
			"spec": {"edge": {"waf": {"exceptions": [], "leftOut": [], "blocked": [{
				"name": "scraper",
				"owner": "payments",
				"reason": "price list",
				"expires": null,
			}]}}},
		},
		"catalog": {"teams": [{"name": "payments"}]},
		"today": 1000,
	}}
	finding.path == ["service", "spec", "edge", "waf", "blocked", 0, "expires"]
	finding.params.exception == "scraper"
}

_expiry(value) := _finding("expires", value, {"wanted": "a day within the next 180"})

_finding(field, value, params) := {
	"rule": "security/exceptions-end",
	"path": ["service", "spec", "edge", "waf", "exceptions", 0, field],
	"params": object.union({"exception": "callouts", "field": field, "value": value}, params),
	"status": "failed",
}

_service(owner, reason, expires) := {"spec": {
	"service": {
		"metadata": {"owner": "payments"},
		"spec": {"edge": {"waf": {"exceptions": [{
			"name": "callouts",
			"owner": owner,
			"reason": reason,
			"expires": expires,
		}]}}},
	},
	"catalog": {"teams": [{"name": "payments"}]},
	"today": 1000,
}}
