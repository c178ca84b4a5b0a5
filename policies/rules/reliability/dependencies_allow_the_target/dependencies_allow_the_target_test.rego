package rules.reliability.dependencies_allow_the_target_test

import data.rules.reliability.dependencies_allow_the_target as rule

test_the_dependency_below_the_promise_fails_at_its_need if {
	rule.deny == {_finding(1, "zuora", 99.9)} with input as _input(99.89, [
		_dependency("dns", "hard", 99.99),
		_dependency("zuora", "hard", 99.9),
		_dependency("mail", "soft", 99),
	])
}

test_dependencies_that_only_together_break_the_promise_all_fail if {
	rule.deny == {_finding(0, "dns", 99.97), _finding(1, "auth", 99.96)} with input as _input(99.93, [
		_dependency("dns", "hard", 99.97),
		_dependency("auth", "hard", 99.96),
	])
}

test_a_soft_dependency_may_be_weak if {
	rule.deny == set() with input as _input(100, [_dependency("mail", "soft", 99)])
}

test_a_ceiling_at_the_promise_passes if {
	rule.deny == set() with input as _input(99.95, [_dependency("dns", "hard", 99.95)])
}

test_a_dependency_at_the_promise_is_not_to_blame_where_another_is_below if {
	rule.deny == {_finding(1, "zuora", 99.9)} with input as _input(99.85, [
		_dependency("dns", "hard", 99.95),
		_dependency("zuora", "hard", 99.9),
	])
}

_finding(i, name, availability) := {
	"rule": "reliability/dependencies-allow-the-target",
	"path": ["service", "spec", "dependencies", i, "need"],
	"params": {"dependency": name, "availability": availability, "promised": 99.95, "expected": "soft"},
	"status": "failed",
}

_dependency(name, need, availability) := {"name": name, "need": need, "availability": availability}

_input(ceiling, dependencies) := {"spec": {"design": {
	"availability": {"promised": 99.95, "ceiling": ceiling},
	"dependencies": dependencies,
}}}
