package rules.security.enforcement_has_evidence_test

import data.rules.security.enforcement_has_evidence as rule

test_rules_that_refuse_without_any_evidence_fail_at_the_field_for_it if {
	rule.deny == {_finding("no preview of the catalog is named as the evidence for that")} with input as _input(
		_core(false),
		null,
		[],
	)
}

test_a_week_in_which_nobody_was_turned_away_passes if {
	rule.deny == set() with input as _input(_core(false), "portal", [_preview(7, {})])
}

test_what_speaks_against_it_or_says_nothing_is_no_evidence if {
	every preview in [
		_preview(6.9, {}),
		_preview(7, {"answered": 1}),
		_preview(7, {"undecided": 1}),
		_preview(7, {"requests": 0}),
		_preview(7, {"digest": "of other rules"}),
	] {
		count(rule.deny) == 1 with input as _input(_core(false), "portal", [preview])
	}
}

test_evidence_that_is_none_is_told_apart_from_none_at_all if {
	some finding in rule.deny with input as _input(_core(false), "portal", [_preview(1, {})])
	startswith(finding.params.why, "preview portal is none for that")
}

test_rules_in_preview_need_none if {
	rule.deny == set() with input as _input(_core(true), null, [])
}

test_a_limit_that_refuses_needs_it_too if {
	limit := {"preview": false, "expression": null, "limit": {"requests": 20}}
	count(rule.deny) == 1 with input as _input(limit, null, [])
}

test_where_nobody_is_a_customer_there_is_none_to_be_had if {
	document := json.patch(_input(_core(false), null, []), [{
		"op": "replace",
		"path": "/spec/environment/spec/purpose",
		"value": "staging",
	}])
	rule.deny == set() with input as document
}

test_who_may_come_in_needs_none if {
	rule.deny == set() with input as _input({"preview": false, "expression": null, "limit": null}, null, [])
}

_finding(why) := {
	"rule": "security/enforcement-has-evidence",
	"path": ["service", "spec", "edge", "evidence"],
	"params": {"service": "portal", "journeys": "all", "why": why},
	"status": "failed",
}

_core(preview) := {"preview": preview, "expression": "request.path == '/'", "limit": null}

_preview(days, more) := {"days": days, "journeys": [object.union(
	{"digest": "d", "requests": 9, "answered": 0, "undecided": 0},
	more,
)]}

_input(one, evidence, previews) := {"spec": {
	"environment": {"spec": {"purpose": "production"}},
	"service": {"metadata": {"name": "portal"}, "spec": {"edge": {"evidence": evidence}}},
	"design": {"securityPolicies": [{"rules": [one], "digests": {"all": "d"}}]},
	"catalog": {"previews": previews},
}}
