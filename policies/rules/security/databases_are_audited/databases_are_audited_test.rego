package rules.security.databases_are_audited_test

import data.rules.security.databases_are_audited as rule

test_personal_data_without_a_record_fails if {
	rule.deny == {_finding("orange", "none", "changes")} with input as _service("orange", "database", "managed", "off")
}

test_customers_data_whose_readers_are_not_recorded_fails if {
	found := _finding("red", "only changes", "everything")
	rule.deny == {found} with input as _service("red", "database", "managed", "changes")
}

test_what_is_recorded_as_its_data_needs_passes if {
	rule.deny == set() with input as _service("red", "database", "managed", "everything")
	rule.deny == set() with input as _service("orange", "database", "managed", "changes")
	rule.deny == set() with input as _service("yellow", "database", "managed", "off")
	rule.deny == set() with input as _service(null, "database", "managed", "off")
}

test_only_managed_databases_have_the_extension if {
	rule.deny == set() with input as _service("red", "database", "vm", "off")
	rule.deny == set() with input as _service("red", "cache", "managed", "off")
}

_finding(class, recorded, expected) := {
	"rule": "security/databases-are-audited",
	"path": ["service", "spec", "stores", 0, "audit"],
	"params": {"store": "db", "class": class, "recorded": recorded, "expected": expected},
	"status": "failed",
}

_service(class, family, runtime, audit) := {"spec": {"service": {"spec": {
	"dataClass": class,
	"stores": [{"name": "db", "family": family, "runtime": runtime, "audit": audit}],
}}}}
