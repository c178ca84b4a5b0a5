package rules.reliability.tables_can_be_made_test

import data.rules.reliability.tables_can_be_made as rule

test_a_database_that_nobody_can_fill_fails if {
	every version in ["15", "16", "18"] {
		rule.deny == {{
			"rule": "reliability/tables-can-be-made",
			"path": ["service", "spec", "stores", 0],
			"params": {"store": "db"},
			"status": "failed",
		}} with input as _service("postgres", "managed", version, null)
	}
}

test_in_a_mysql_nobody_may_do_anything if {
	count(rule.deny) == 1 with input as _service("mysql", "managed", "8.0", null)
	rule.deny == set() with input as _service("mysql", "managed", "8.0", {"workload": "web", "command": ["migrate"]})
}

test_a_migration_fills_it if {
	migration := {"workload": "web", "command": ["migrate"]}
	rule.deny == set() with input as _service("postgres", "managed", "16", migration)
}

test_older_ones_let_everybody_make_tables if {
	rule.deny == set() with input as _service("postgres", "managed", "14", null)
}

test_only_managed_databases_are_judged if {
	rule.deny == set() with input as _service("postgres", "vm", "16", null)
	rule.deny == set() with input as _service("redis", "managed", "7.2", null)
}

test_nobody_is_missed_where_nobody_connects if {
	document := json.patch(_service("postgres", "managed", "16", null), [{
		"op": "replace",
		"path": "/spec/service/spec/workloads/0/connections",
		"value": 0,
	}])
	rule.deny == set() with input as document
	machine := json.patch(_service("postgres", "managed", "16", null), [{
		"op": "replace",
		"path": "/spec/service/spec/workloads/0/runtime",
		"value": "vm",
	}])
	rule.deny == set() with input as machine
}

_service(kind, runtime, version, migration) := {"spec": {"service": {"spec": {
	"workloads": [{"runtime": "kubernetes", "connections": 5}],
	"stores": [{"name": "db", "kind": kind, "family": _family[kind], "runtime": runtime, "version": version, "migration": migration}],
}}}}

_family := {"postgres": "database", "mysql": "database", "redis": "cache"}
