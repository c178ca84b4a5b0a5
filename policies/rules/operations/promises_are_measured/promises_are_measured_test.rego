package rules.operations.promises_are_measured_test

import data.rules.operations.promises_are_measured as rule

test_a_plan_without_rules_fails_at_each_part_that_promises if {
	rule.deny == {
		_finding("urn:buy", "journey buy fails or is slow", "buy"),
		_finding("urn:jobs", "job provision or remind fails", "jobs"),
		_finding("urn:clock", "job audit fails", "clock"),
	} with input as _input([])
}

test_one_side_of_a_journey_is_not_the_other if {
	rule.deny == {_finding("urn:buy", "journey buy is slow", "buy")} with input as _input([
		_alert("sli", "buy-availability"),
		_alert("subject", "provision"),
		_alert("subject", "remind"),
		_alert("subject", "audit"),
	])
	rule.deny == {_finding("urn:buy", "journey buy fails", "buy")} with input as _input([
		_alert("sli", "buy-latency"),
		_alert("subject", "provision"),
		_alert("subject", "remind"),
		_alert("subject", "audit"),
	])
}

test_one_job_is_not_another_and_a_schedule_is_told_by_its_workload if {
	rule.deny == {_finding("urn:jobs", "job remind fails", "jobs")} with input as _input([
		_alert("sli", "buy-availability"),
		_alert("sli", "buy-latency"),
		_alert("subject", "provision"),
		_alert("subject", "clock"),
	])
}

test_that_a_version_was_stopped_tells_nothing_of_the_one_that_runs if {
	stopped := {"alert": "A", "labels": {"subject": "jobs", "alert_class": "rollout-stopped"}}
	count(rule.deny) == 3 with input as _input([stopped])
	count(rule.deny) == 2 with input as _input([json.remove(stopped, ["labels/alert_class"])])
}

test_a_series_that_is_only_recorded_tells_nobody if {
	recorded := [object.union(object.remove(alert, ["alert"]), {"record": "a"}) | some alert in _all]
	count(rule.deny) == 3 with input as _input(recorded)
}

test_all_that_is_told_passes_in_either_kind_of_rules if {
	every kind in ["Rules", "GlobalRules"] {
		rule.deny == set() with input as object.union(_input([]), {"plan": {"resources": _plan(kind, _all)}})
	}
}

test_without_a_plan_nothing_is_said if {
	rule.deny == set() with input as object.remove(_input([]), ["plan"])
}

test_alerts_that_nobody_knows_yet_leave_it_undecided if {
	found := rule.deny with input as _input({"$unknown": []})
	found == {object.union(finding, {"status": "undecided"}) | some finding in rule.deny} with input as _input([])
	count(found) > 0
}

test_so_does_an_alert_of_which_nobody_knows_what_it_is_about if {
	unknown := {"$unknown": []}
	every alert in [
		unknown, {"alert": unknown}, {"alert": "A", "labels": unknown},
		{"alert": "A", "labels": {"subject": unknown}}, {"alert": "A", "labels": {"sli": unknown}},
	] {
		{finding.status | some finding in rule.deny} == {"undecided"} with input as _input([alert])
	}
	every groups in [unknown, [unknown]] {
		plan := array.concat(
			[each | some each in _plan("Rules", []); each.urn != "urn:rules"],
			[_resource("urn:rules", "kubernetes:monitoring.googleapis.com/v1:Rules", "r", {"spec": {"groups": groups}})],
		)
		document := object.union(_input([]), {"plan": {"resources": plan}})
		{finding.status | some finding in rule.deny} == {"undecided"} with input as document
	}
}

_all := [
	_alert("sli", "buy-availability"),
	_alert("sli", "buy-latency"),
	_alert("subject", "provision"),
	_alert("subject", "remind"),
	_alert("subject", "audit"),
]

_alert(label, value) := {"alert": "A", "labels": {label: value}}

_finding(urn, what, subject) := {
	"rule": "operations/promises-are-measured",
	"path": ["plan", urn],
	"params": {"what": what, "subject": subject, "service": "portal"},
	"status": "failed",
}

_input(rules) := {
	"plan": {"resources": _plan("Rules", rules)},
	"spec": {
		"design": {
			"endpoints": [
				{"name": "buy", "resource": "portal-buy", "weight": 1},
				{"name": "robots", "resource": "portal-robots", "weight": 0},
			],
			"workloads": [
				{"name": "web", "resource": "portal-web"},
				{"name": "jobs", "resource": "portal-jobs"},
				{"name": "clock", "resource": "portal-clock"},
			],
		},
		"service": {
			"metadata": {"name": "portal"},
			"spec": {"jobs": [
				{"name": "remind", "workload": "jobs"},
				{"name": "provision", "workload": "jobs"},
				{"name": "audit", "workload": "clock"},
			]},
		},
	},
}

_plan(kind, rules) := [
	_resource("urn:buy", "gcp:compute/backendService:BackendService", "portal-buy", {}),
	_resource("urn:robots", "gcp:compute/backendService:BackendService", "portal-robots", {}),
	_resource("urn:web", "kubernetes:apps/v1:Deployment", "portal-web", {}),
	_resource("urn:jobs", "kubernetes:apps/v1:Deployment", "portal-jobs", {}),
	_resource("urn:clock", "kubernetes:batch/v1:CronJob", "portal-clock", {}),
	_resource(
		"urn:rules", concat("", ["kubernetes:monitoring.googleapis.com/v1:", kind]), "portal",
		{"spec": {"groups": [{"name": "all", "rules": rules}]}},
	),
]

_resource(urn, type, name, inputs) := {"urn": urn, "type": type, "name": name, "inputs": inputs}
