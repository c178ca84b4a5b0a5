package rules.reliability.dependencies_have_a_way_out_test

import data.rules.reliability.dependencies_have_a_way_out as rule

test_a_bare_soft_dependency_lacks_everything if {
	rule.deny == {_finding([], {
		"lacks": "a timeout, retries, a circuit breaker and a degraded mode",
		"fields": "`timeoutSeconds`, `retry`, `circuitBreaker` and `degraded`",
	})} with input as _service({"timeoutSeconds": null, "retry": null, "circuitBreaker": null, "degraded": null})
}

test_one_missing_part_is_named if {
	rule.deny == {_finding([], {"lacks": "retries", "fields": "`retry`"})} with input as _service({
		"need": "hard",
		"retry": null,
	})
}

test_a_hard_dependency_needs_no_degraded_mode if {
	rule.deny == set() with input as _service({"need": "hard", "degraded": null})
}

test_a_mode_that_people_must_end_fails_at_its_exit if {
	rule.deny == {_finding(["degraded", "exit"], {
		"lacks": "an automatic way back from its degraded mode",
		"fields": "`degraded.exit`",
		"expected": "automatic",
	})} with input as _service({"degraded": {"exit": "manual"}})
}

test_retries_without_jitter_fail if {
	rule.deny == {_finding(["retry", "jitter"], {
		"lacks": "jitter between its retries",
		"fields": "`retry.jitter`",
		"expected": true,
	})} with input as _service({"retry": {"jitter": false}})
}

test_retries_at_once_fail if {
	rule.deny == {_finding(["retry", "backoffSeconds"], {
		"lacks": "a wait before its retries",
		"fields": "`retry.backoffSeconds`",
		"expected": 0.5,
	})} with input as _service({"retry": {"backoffSeconds": 0}})
}

test_a_dependency_with_all_of_it_passes if {
	rule.deny == set() with input as _service({})
}

_finding(at, params) := {
	"rule": "reliability/dependencies-have-a-way-out",
	"path": array.concat(["service", "spec", "dependencies", 1], at),
	"params": object.union({"dependency": "zuora"}, params),
	"status": "failed",
}

_complete := {
	"need": "soft",
	"timeoutSeconds": 5,
	"retry": {"attempts": 3, "backoffSeconds": 0.5, "jitter": true},
	"circuitBreaker": {"errorPercent": 50},
	"degraded": {"mode": "queue", "exit": "automatic"},
}

_service(changed) := {"spec": {"service": {"spec": {"dependencies": [
	object.union({"name": "mail"}, _complete),
	object.union(object.union({"name": "zuora"}, _complete), changed),
]}}}}
