package rules.reliability.dependencies_allow_the_target_test

import data.rules.reliability.dependencies_allow_the_target as rule

test_the_weakest_dependency_fails_at_its_need_and_all_are_named if {
	rule.deny == {_finding(1, "zuora", "dns and zuora", 99.89)} with input as _input(99.89, [
		_dependency("dns", "hard", 99.99),
		_dependency("zuora", "hard", 99.9),
		_dependency("mail", "soft", 99),
	])
}

test_dependencies_that_only_together_break_the_promise_are_one_finding if {
	rule.deny == {_finding(1, "auth", "auth and dns", 99.93)} with input as _input(99.93, [
		_dependency("dns", "hard", 99.97),
		_dependency("auth", "hard", 99.96),
	])
}

test_of_two_alike_the_first_by_name_is_told if {
	rule.deny == {_finding(1, "a", "a and b", 99.8)} with input as _input(99.8, [
		_dependency("b", "hard", 99.9),
		_dependency("a", "hard", 99.9),
	])
}

test_a_soft_dependency_may_be_weak if {
	rule.deny == set() with input as _input(100, [_dependency("mail", "soft", 99)])
}

test_one_of_which_nobody_knows_leaves_it_undecided if {
	rule.deny == {{
		"rule": "reliability/dependencies-allow-the-target",
		"path": ["service", "spec", "dependencies", 1, "availability"],
		"params": {
			"dependencies": "dns and search",
			"weakest": "search",
			"ceiling": 99.99,
			"promised": 99.95,
			"unless": " while search is up",
			"verdict": "may be too much: nobody knows how available search is",
		},
		"status": "undecided",
	}} with input as _input(99.99, [
		_dependency("dns", "hard", 99.99),
		_dependency("search", "hard", null),
		_dependency("mail", "soft", null),
	])
}

test_what_others_break_is_broken_whatever_nobody_knows if {
	rule.deny == {_finding(1, "zuora", "search and zuora", 99.9)} with input as _input(99.9, [
		_dependency("search", "hard", null),
		_dependency("zuora", "hard", 99.9),
	])
}

test_a_ceiling_at_the_promise_passes if {
	rule.deny == set() with input as _input(99.95, [_dependency("dns", "hard", 99.95)])
}

_finding(i, weakest, all_of_them, ceiling) := {
	"rule": "reliability/dependencies-allow-the-target",
	"path": ["service", "spec", "dependencies", i, "need"],
	"params": {
		"dependencies": all_of_them,
		"weakest": weakest,
		"ceiling": ceiling,
		"promised": 99.95,
		"expected": "soft",
		"unless": "",
		"verdict": "can't be promised",
	},
	"status": "failed",
}

_dependency(name, need, availability) := {"name": name, "need": need, "availability": availability}

_input(ceiling, dependencies) := {"spec": {"design": {
	"availability": {"promised": 99.95, "ceiling": ceiling},
	"dependencies": dependencies,
}}}
