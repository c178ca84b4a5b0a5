package rules.operations.quotas_suffice_test

import data.rules.operations.quotas_suffice as rule

test_more_than_new_projects_have_is_not_decided_until_it_is_stated if {
	whose := "nobody says what it has, and a new project was seen to have (a page)"
	rule.deny == {_finding(["quotas"], whose, 10, "undecided")} with input as _input(11, 10, null)
}

test_more_than_is_stated_fails_at_that_limit if {
	rule.deny == {_finding(["quotas", 2, "limit"], "the environment says", 10, "failed")} with input as _input(11, 10, 2)
}

test_as_much_as_there_is_passes if {
	rule.deny == set() with input as _input(11, 11, null)
}

test_a_quota_whose_default_nobody_knows_is_not_decided if {
	finding := _finding(["quotas"], "of it a project has", "nobody knows how much", "undecided")
	rule.deny == {finding} with input as _input(11, null, null)
}

test_a_service_by_itself_is_not_judged_here if {
	rule.deny == set() with input as {"spec": {"together": null}}
}

_finding(path, whose, limit, status) := {
	"rule": "operations/quotas-suffice",
	"path": array.concat(["environment", "spec"], path),
	"params": {
		"environment": "live",
		"project": "acme",
		"metric": "SECURITY_POLICIES",
		"scope": "project",
		"needed": 11,
		"first": "9 by shop",
		"whose": whose,
		"limit": limit,
	},
	"status": status,
}

_input(needed, limit, stated) := {"spec": {
	"environment": {"metadata": {"name": "live"}, "spec": {"project": "acme"}},
	"together": {"quotas": [{
		"metric": "SECURITY_POLICIES",
		"scope": "project",
		"needed": needed,
		"first": "9 by shop",
		"limit": limit,
		"stated": stated,
		"source": "a page",
	}]},
}}
