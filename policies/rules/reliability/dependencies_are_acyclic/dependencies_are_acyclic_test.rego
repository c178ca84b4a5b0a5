package rules.reliability.dependencies_are_acyclic_test

import data.rules.reliability.dependencies_are_acyclic as rule

test_a_circle_fails_at_the_need_that_leads_into_it if {
	rule.deny == {_finding(1, "billing")} with input as _input(
		[_dependency("mail", "hard"), _dependency("billing", "hard")],
		{"portal": ["mail", "billing"], "mail": [], "billing": ["ledger"], "ledger": ["portal"]},
	)
}

test_a_service_that_needs_itself_fails_however_much if {
	every need in ["hard", "soft"] {
		rule.deny == {{
			"rule": "reliability/dependencies-are-acyclic",
			"path": ["service", "spec", "dependencies", 0, "service"],
			"params": {"service": "portal", "dependency": "portal"},
			"status": "failed",
		}} with input as _input([_dependency("portal", need)], {"portal": ["portal"]})
	}
}

test_a_circle_elsewhere_is_somebody_elses if {
	rule.deny == set() with input as _input(
		[_dependency("billing", "hard")],
		{"portal": ["billing"], "billing": ["ledger"], "ledger": ["billing"]},
	)
}

test_a_soft_need_breaks_the_circle if {
	rule.deny == set() with input as _input(
		[_dependency("billing", "soft")],
		{"portal": [], "billing": ["portal"]},
	)
}

test_vendors_need_nobody if {
	rule.deny == set() with input as _input(
		[{"name": "zuora", "vendor": "zuora", "service": null, "need": "hard"}],
		{"portal": []},
	)
}

_finding(i, dependency) := {
	"rule": "reliability/dependencies-are-acyclic",
	"path": ["service", "spec", "dependencies", i, "need"],
	"params": {"service": "portal", "dependency": dependency, "expected": "soft"},
	"status": "failed",
}

_dependency(service, need) := {"name": service, "service": service, "need": need}

_input(dependencies, needs) := {"spec": {
	"service": {"metadata": {"name": "portal"}, "spec": {"dependencies": dependencies}},
	"catalog": {"services": [{"name": name, "needs": needed} | some name, needed in needs]},
}}
