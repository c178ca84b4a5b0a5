package rules.cost.staging_is_smaller_test

import data.rules.cost.staging_is_smaller as rule

test_the_edition_of_production_fails_elsewhere if {
	every purpose in ["staging", "development"] {
		rule.deny == {{
			"rule": "cost/staging-is-smaller",
			"path": ["service", "spec", "stores", 0, "edition"],
			"params": {"store": "db", "environment": "here", "expected": "enterprise"},
			"status": "failed",
		}} with input as _input(purpose, {})
	}
}

test_production_may_have_it if {
	rule.deny == set() with input as _input("production", {})
}

test_the_smaller_edition_passes if {
	rule.deny == set() with input as _input("staging", {"edition": "enterprise"})
}

test_other_stores_have_no_edition if {
	every changed in [{"family": "cache"}, {"runtime": "vm"}] {
		rule.deny == set() with input as _input("staging", changed)
	}
}

_input(purpose, changed) := {"spec": {
	"service": {"spec": {"stores": [object.union(
		{
			"name": "db",
			"family": "database",
			"runtime": "managed",
			"edition": "enterprise-plus",
		},
		changed,
	)]}},
	"environment": {"metadata": {"name": "here"}, "spec": {"purpose": purpose}},
}}
