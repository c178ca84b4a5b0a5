package rules.security.exceptions_change_something_test

import data.rules.security.exceptions_change_something as rule

test_an_exception_on_no_journeys_paths_fails if {
	rule.deny == {{
		"rule": "security/exceptions-change-something",
		"path": ["service", "spec", "edge", "waf", "exceptions", 0],
		"params": {
			"exception": "callouts",
			"why": "no journey has /gone/* or /left",
			"fix": "Remove it, or write paths that are a journey's.",
		},
		"status": "failed",
	}} with input as _input([], null)
}

test_an_exception_that_a_wider_one_covers_fails_and_names_it if {
	some finding in rule.deny with input as _input(["hooks"], "vendors")
	finding.params.why == "spec.edge.waf.exceptions[vendors] holds whenever it does"
}

test_a_covered_exception_on_no_journeys_paths_fails_once if {
	count(rule.deny) == 1 with input as _input([], "vendors")
}

test_a_core_rule_that_is_in_no_group_fails_where_it_is_left_out if {
	some finding in rule.deny with input as {"spec": {"design": {"edge": {
		"wafExceptions": [],
		"wafLeftOut": [{"name": "942100", "group": "sqli"}, {"name": "920100", "group": null}],
	}}}}
	finding.path == ["service", "spec", "edge", "waf", "leftOut", 1]
	finding.params.exception == "920100"
}

test_an_exception_for_those_who_are_refused_before_fails_and_names_the_list if {
	document := json.patch(_input(["hooks"], null), [{
		"op": "replace",
		"path": "/spec/design/edge/wafExceptions/0/refusedBy",
		"value": "scraper",
	}])
	some finding in rule.deny with input as document
	finding.params.why == "spec.edge.waf.blocked[scraper] refuses all that it is for, before any exception is asked"
}

test_a_list_within_another_fails_where_it_stands if {
	some finding in rule.deny with input as {"spec": {"design": {"edge": {
		"wafExceptions": [],
		"wafBlocked": [{"name": "all", "coveredBy": null}, {"name": "one", "coveredBy": "all"}],
	}}}}
	finding.path == ["service", "spec", "edge", "waf", "blocked", 1]
	finding.params.why == "spec.edge.waf.blocked[all] has all of its ranges"
}

test_an_exception_that_decides_passes if {
	rule.deny == set() with input as _input(["hooks"], null)
}

test_a_service_without_a_front_door_passes if {
	rule.deny == set() with input as {"spec": {"design": {"edge": null}}}
}

_input(journeys, covered_by) := {"spec": {"design": {"edge": {"wafExceptions": [{
	"name": "callouts",
	"paths": ["/gone/*", "/left"],
	"journeys": journeys,
	"coveredBy": covered_by,
	"refusedBy": null,
}]}}}}
