package rules.operations.is_in_the_dependency_graph_test

import data.rules.operations.is_in_the_dependency_graph as rule

test_a_service_on_its_own_fails if {
	rule.deny == {{
		"rule": "operations/is-in-the-dependency-graph",
		"path": ["service", "spec", "dependencies"],
		"params": {"service": "portal", "criterion": "Service exists in the dependency graph"},
		"status": "failed",
	}} with input as _input([], [], [])
}

test_a_dependency_passes if {
	rule.deny == set() with input as _input([{"name": "zuora"}], [], [])
}

test_a_dependent_passes if {
	rule.deny == set() with input as _input([], ["shop"], [])
}

test_a_reasoned_skip_passes if {
	rule.deny == set() with input as _input([], [], [{"criterion": "Service exists in the dependency graph"}])
}

test_a_skip_of_something_else_does_not_count if {
	count(rule.deny) == 1 with input as _input([], [], [{"criterion": "SRE guides exist in runbooks"}])
}

_input(dependencies, dependents, skip) := {"spec": {
	"service": {
		"metadata": {"name": "portal"},
		"spec": {"dependencies": dependencies, "maturity": {"skip": skip}},
	},
	"catalog": {"dependents": dependents},
}}
