package rules.operations.environments_are_watched_test

import data.rules.operations.environments_are_watched as rule

test_production_without_a_unit_fails if {
	found := rule.deny with input as _environment("production", null)
	{finding.path | some finding in found} == {["environment", "spec", "purpose"]}
}

test_production_with_a_unit_passes if {
	rule.deny == set() with input as _environment("production", {"metadata": {"name": "live"}})
}

test_only_production_is_judged if {
	rule.deny == set() with input as _environment("staging", null)
}

test_a_service_is_not_judged if {
	judged := _environment("production", null).spec
	rule.deny == set() with input as {"spec": object.union(judged, {"service": {"spec": {}}})}
}

_environment(purpose, unit) := {"spec": {
	"service": null,
	"unit": unit,
	"environment": {"metadata": {"name": "live"}, "spec": {"purpose": purpose}},
}}
