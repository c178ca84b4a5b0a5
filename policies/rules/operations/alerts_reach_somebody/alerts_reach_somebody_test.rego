package rules.operations.alerts_reach_somebody_test

import rego.v2

import data.rules.operations.alerts_reach_somebody as rule

test_a_unit_that_is_told_passes_whoever_evaluates if {
	rule.deny == set() with input as _input(_google, [_rules, _collected])
}

test_without_a_unit_neither_leads_anywhere if {
	why := "nothing of its own watches production"
	fix := "Describe it in `units/production.yaml` of the catalog."
	rule.deny == {_finding(["plan", "urn:rules"], why, fix), _finding(["plan", "urn:map"], why, fix)} with input as _input(
		null,
		[_rules, _collected],
	)
}

test_what_only_google_evaluates_is_lost_where_the_unit_is_not_told if {
	rule.deny == {_finding(
		["plan", "urn:rules"],
		"the unit of production lets nobody else tell it (`managed: none`)",
		"Write `managed: google` into `units/production.yaml`.",
	)} with input as _input({"name": "production", "managed": "none"}, [_rules, _collected])
}

test_what_is_only_recorded_leads_nowhere_and_has_not_to if {
	recorded := {"urn": "urn:rules", "type": _rules.type, "inputs": {"spec": {"groups": [{"rules": [{"record": "a"}]}]}}}
	rule.deny == set() with input as _input(null, [recorded])
}

test_a_policy_needs_a_channel_and_has_to_be_on if {
	rule.deny == set() with input as _input(_google, [_policy({"notificationChannels": [{"$unknown": []}]})])
	at := ["plan", "urn:policy", "inputs", "notificationChannels"]
	fix := "Write `email` into the file of its team."
	every inputs in [{}, {"notificationChannels": []}] {
		rule.deny == {_finding(at, "their policy names no channel", fix)} with input as _input(_google, [_policy(inputs)])
	}
	off := ["plan", "urn:policy", "inputs", "enabled"]
	rule.deny == {_finding(off, "their policy is off", "Switch it on.")} with input as _input(
		_google,
		[_policy({"notificationChannels": ["a"], "enabled": false})],
	)
}

test_what_may_be_an_alert_is_undecided_where_an_alert_fails if {
	rules := json.patch(_rules, [{"op": "replace", "path": "/inputs/spec/groups", "value": {"$unknown": []}}])
	map := json.patch(_collected, [{"op": "replace", "path": "/inputs/metadata/labels", "value": {"$unknown": []}}])
	{[finding.path, finding.status] | some finding in rule.deny} == {
		[["plan", "urn:rules"], "undecided"],
		[["plan", "urn:map"], "undecided"],
	} with input as _input(null, [rules, map])
	rule.deny == set() with input as _input(_google, [rules, map])
}

test_without_a_plan_nothing_is_said if {
	rule.deny == set() with input as object.remove(_input(null, []), ["plan"])
}

_google := {"name": "production", "managed": "google"}

_groups := [{"name": "all", "rules": [{"alert": "A", "labels": {}}]}]

_rules := {
	"urn": "urn:rules",
	"type": "kubernetes:monitoring.googleapis.com/v1:GlobalRules",
	"inputs": {"spec": {"groups": _groups}},
}

_collected := {
	"urn": "urn:map",
	"type": "kubernetes:core/v1:ConfigMap",
	"inputs": {
		"metadata": {"labels": {"pave.dev/collect": "rules"}},
		"data": {"rules.yaml": json.marshal({"groups": _groups})},
	},
}

_policy(inputs) := {"urn": "urn:policy", "type": "gcp:monitoring/alertPolicy:AlertPolicy", "inputs": inputs}

_input(unit, resources) := {
	"plan": {"resources": resources},
	"spec": {
		"design": {"unit": unit},
		"service": {"metadata": {"name": "portal"}},
		"environment": {"metadata": {"name": "production"}},
	},
}

_finding(path, why, fix) := {
	"rule": "operations/alerts-reach-somebody",
	"path": path,
	"params": {"what": "Alerts", "why": why, "fix": fix, "service": "portal"},
	"status": "failed",
}
