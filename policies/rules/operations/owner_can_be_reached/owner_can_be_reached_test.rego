package rules.operations.owner_can_be_reached_test

import data.rules.operations.owner_can_be_reached as rule

test_less_than_the_tier_needs_fails_at_the_coverage if {
	rule.deny == {{
		"rule": "operations/owner-can-be-reached",
		"path": ["service", "spec", "onCall", "coverage"],
		"params": {
			"who": "portal",
			"coverage": "24x5",
			"needer": "tier critical",
			"wanted": "24x7",
			"expected": "24x7",
		},
		"status": "failed",
	}} with input as _input("critical", "ga", "24x5", "24x5")
}

test_each_tier_says_which_hours_it_needs if {
	wanted := {"critical": "24x7", "standard": "24x5", "internal": "business-hours"}
	every tier, hours in wanted {
		[[tier, hours]] == [[tier, finding.params.wanted] |
			some finding in rule.deny with input as _input(tier, "ga", "none", "24x7")
		]
	}
}

test_each_kind_of_hours_is_more_than_the_one_before if {
	hours := ["none", "business-hours", "24x5", "24x7"]
	every i in [1, 2, 3] {
		rule.deny == {_team(hours[i - 1], hours[i])} with input as _input("internal", "ga", hours[i], hours[i - 1])
	}
}

test_less_than_is_promised_fails_at_the_owner if {
	rule.deny == {_team("business-hours", "24x5")} with input as _input("standard", "beta", "24x5", "business-hours")
}

test_as_much_as_is_needed_passes if {
	rule.deny == set() with input as _input("critical", "ga", "24x7", "24x7")
}

test_more_than_is_needed_passes if {
	rule.deny == set() with input as _input("internal", "ga", "24x5", "24x7")
}

test_an_experiment_may_wait_till_morning if {
	rule.deny == set() with input as _input("critical", "experiment", "24x7", "business-hours")
}

test_an_experiment_promises_somebody_too if {
	every tier in ["critical", "internal"] {
		some finding in rule.deny with input as _input(tier, "experiment", "none", "24x7")
		finding.path == ["service", "spec", "onCall", "coverage"]
		finding.params.wanted == "business-hours"
	}
}

test_even_an_experiment_needs_somebody if {
	rule.deny == {_team("none", "business-hours")} with input as _input("critical", "experiment", "24x7", "none")
}

_team(coverage, wanted) := {
	"rule": "operations/owner-can-be-reached",
	"path": ["service", "metadata", "owner"],
	"params": {"who": "team payments", "coverage": coverage, "needer": "portal", "wanted": wanted},
	"status": "failed",
}

_input(tier, stage, coverage, rota) := {"spec": {
	"service": {
		"metadata": {"name": "portal", "owner": "payments"},
		"spec": {"tier": tier, "stage": stage, "onCall": {"coverage": coverage}},
	},
	"catalog": {"teams": [
		{"name": "others", "onCall": {"coverage": "none"}},
		{"name": "payments", "onCall": {"coverage": rota}},
	]},
}}
