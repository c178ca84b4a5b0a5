package rules.operations.experiments_stay_small_test

import data.rules.operations.experiments_stay_small as rule

test_a_small_experiment_passes if {
	every changed in [{}, {"dataClass": "green"}, {"dataClass": null}, {"tier": "internal"}] {
		rule.deny == set() with input as _input("production", changed)
	}
}

test_a_critical_experiment_fails_at_its_stage if {
	rule.deny == {_finding("its tier is critical")} with input as _input("production", {"tier": "critical"})
}

test_an_experiment_with_data_of_people_fails if {
	every class in ["red", "orange"] {
		why := concat("", ["the data it holds is ", class])
		rule.deny == {_finding(why)} with input as _input("production", {"dataClass": class})
	}
}

test_an_experiment_that_takes_money_fails if {
	rule.deny == {_finding("people pay through its endpoint buy")} with input as _input(
		"production",
		{"endpoints": [{"name": "all", "sensitive": "none"}, {"name": "buy", "sensitive": "payment"}]},
	)
}

test_all_reasons_are_one_finding if {
	why := "its tier is critical and the data it holds is red"
	rule.deny == {_finding(why)} with input as _input("production", {"tier": "critical", "dataClass": "red"})
}

test_what_is_no_experiment_may_be_critical if {
	every stage in ["beta", "ga"] {
		rule.deny == set() with input as _input("production", {"stage": stage, "tier": "critical"})
	}
}

test_elsewhere_an_experiment_may_be_anything if {
	rule.deny == set() with input as _input("staging", {"tier": "critical"})
}

_finding(why) := {
	"rule": "operations/experiments-stay-small",
	"path": ["service", "spec", "stage"],
	"params": {"service": "portal", "why": why},
	"status": "failed",
}

_input(purpose, changed) := {"spec": {
	"environment": {"spec": {"purpose": purpose}},
	"service": {
		"metadata": {"name": "portal"},
		"spec": object.union(
			{
				"tier": "standard",
				"stage": "experiment",
				"dataClass": "yellow",
				"endpoints": [{"name": "all", "sensitive": "login"}],
			},
			changed,
		),
	},
}}
