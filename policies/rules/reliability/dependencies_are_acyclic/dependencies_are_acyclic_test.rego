package rules.reliability.dependencies_are_acyclic_test

import data.rules.reliability.dependencies_are_acyclic as rule

test_a_circle_fails_at_the_need_that_leads_into_it if {
	rule.deny == {_finding(1, "billing")} with input as _input(
		[_dependency("mail", "hard"), _dependency("billing", "hard")],
		{"billing"},
	)
}

test_a_service_that_needs_itself_fails_however_much if {
	every need in ["hard", "soft"] {
		rule.deny == {{
			"rule": "reliability/dependencies-are-acyclic",
			"path": ["service", "spec", "dependencies", 0, "service"],
			"params": {"service": "portal", "dependency": "portal"},
			"status": "failed",
		}} with input as _input([_dependency("portal", need)], set())
	}
}

test_who_needs_nobody_back_is_in_no_circle if {
	rule.deny == set() with input as _input([_dependency("billing", "hard")], set())
}

test_a_soft_need_breaks_the_circle if {
	rule.deny == set() with input as _input([_dependency("billing", "soft")], {"billing"})
}

test_vendors_need_nobody if {
	rule.deny == set() with input as _input(
		[{"name": "zuora", "vendor": "zuora", "service": null, "need": "hard"}],
		set(),
	)
}

_finding(i, dependency) := {
	"rule": "reliability/dependencies-are-acyclic",
	"path": ["service", "spec", "dependencies", i, "need"],
	"params": {"service": "portal", "dependency": dependency, "expected": "soft"},
	"status": "failed",
}

_dependency(service, need) := {"name": service, "service": service, "need": need}

_input(dependencies, in_turn) := {"spec": {
	"service": {"metadata": {"name": "portal"}, "spec": {"dependencies": dependencies}},
	"catalog": {"services": [{"name": dependency.service, "needEachOther": dependency.service in in_turn} |
		some dependency in dependencies
	]},
}}
