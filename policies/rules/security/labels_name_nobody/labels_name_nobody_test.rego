package rules.security.labels_name_nobody_test

import rego.v2

import data.rules.security.labels_name_nobody as rule

test_what_tells_what_happens_passes if {
	rule.deny == set() with input as _input({"service": "portal", "subject": "purchase", "discard": "1", "cell": "a"})
}

test_a_label_that_is_called_after_a_person_fails if {
	every label in ["email", "customer_email", "user_id", "userId", "account_id_hash", "card", "IBAN"] {
		rule.deny == {_finding("who it is about", label)} with input as _input({label: "a"})
	}
}

test_a_value_that_looks_like_one_fails if {
	rule.deny == {_finding("what looks like a card number", "subject")} with input as _input({"subject": "x-4111111111111111"})
	rule.deny == {_finding("an e-mail address", "subject")} with input as _input({"subject": "jane@acme.example"})
}

test_twelve_digits_are_no_card if {
	rule.deny == set() with input as _input({"subject": "at-123456789012"})
}

test_a_recorded_series_is_kept_too if {
	rule.deny == {_finding("who it is about", "email")} with input as object.union(
		_input({}),
		{"plan": _plan({"record": "a", "labels": {"email": "x"}})},
	)
}

test_a_label_that_nobody_knows_yet_is_undecided if {
	unsaid := object.union(_finding("what nobody knows yet", "any"), {"status": "undecided"})
	rule.deny == {unsaid} with input as _input({"subject": {"$unknown": []}})
	rule.deny == {unsaid} with input as _input({"$unknown": []})
}

test_without_a_plan_nothing_is_said if {
	rule.deny == set() with input as object.remove(_input({}), ["plan"])
}

_input(labels) := {
	"plan": _plan({"alert": "A", "labels": labels}),
	"spec": {"service": {"metadata": {"name": "portal"}}},
}

_plan(rule) := {"resources": [{
	"urn": "urn:rules",
	"type": "kubernetes:monitoring.googleapis.com/v1:Rules",
	"inputs": {"spec": {"groups": [{"rules": [rule]}]}},
}]}

_finding(what, label) := {
	"rule": "security/labels-name-nobody",
	"path": ["plan", "urn:rules"],
	"params": {"service": "portal", "what": what, "label": label},
	"status": "failed",
}
