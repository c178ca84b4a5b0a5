package rules.reliability.edition_fits_the_database_test

import data.rules.reliability.edition_fits_the_database as rule

test_a_long_log_in_the_small_edition_fails if {
	rule.deny == {{
		"rule": "reliability/edition-fits-the-database",
		"path": ["service", "spec", "stores", 0, "backup", "logDays"],
		"params": {
			"store": "db",
			"edition": "enterprise",
			"wish": "8 days of log",
			"allowed": "7 days of log",
			"expected": 7,
		},
		"status": "failed",
	}} with input as _service("database", "enterprise", 8)
}

test_a_week_of_log_fits_either_edition if {
	rule.deny == set() with input as _service("database", "enterprise", 7)
	rule.deny == set() with input as _service("database", "enterprise-plus", 35)
}

test_an_old_version_in_the_large_edition_fails if {
	every version in ["9.6", "10", "11"] {
		rule.deny == {{
			"rule": "reliability/edition-fits-the-database",
			"path": ["service", "spec", "stores", 0, "version"],
			"params": {
				"store": "db",
				"edition": "enterprise-plus",
				"wish": concat(" ", ["PostgreSQL", version]),
				"allowed": "PostgreSQL 12 or a later one",
			},
			"status": "failed",
		}} with input as _versioned("enterprise-plus", "managed", version)
	}
}

test_a_version_fits_the_small_edition_a_later_one_both_and_a_machine_has_none if {
	rule.deny == set() with input as _versioned("enterprise", "managed", "9.6")
	rule.deny == set() with input as _versioned("enterprise-plus", "managed", "12")
	rule.deny == set() with input as _versioned("enterprise-plus", "vm", "9.6")
}

test_a_cache_has_no_edition if {
	rule.deny == set() with input as _service("cache", "enterprise", 35)
}

test_a_tier_of_the_other_edition_fails if {
	rule.deny == {_planned("ENTERPRISE", _perf, _custom_only, "failed")} with input as _plan({
		"edition": "ENTERPRISE",
		"tier": _perf,
	})
	rule.deny == {_planned("ENTERPRISE_PLUS", _custom, _perf_only, "failed")} with input as _plan({
		"edition": "ENTERPRISE_PLUS",
		"tier": _custom,
	})
}

test_a_tier_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("ENTERPRISE", "unknown", _custom_only, "undecided")} with input as _plan({
		"edition": "ENTERPRISE",
		"tier": {"$unknown": []},
	})
}

test_an_instance_that_names_no_edition_fails if {
	finding := _planned("unknown", _custom, "a tier of its own", "failed")
	rule.deny == {finding} with input as _plan({"tier": _custom})
}

test_tiers_of_the_same_edition_pass if {
	rule.deny == set() with input as _plan({"edition": "ENTERPRISE", "tier": _custom})
	rule.deny == set() with input as _plan({"edition": "ENTERPRISE_PLUS", "tier": _perf})
}

_custom := "db-custom-2-7680"

_perf := "db-perf-optimized-N-2"

_custom_only := "a tier db-custom-*"

_perf_only := "a tier db-perf-optimized-N-*"

_planned(edition, tier, allowed, status) := {
	"rule": "reliability/edition-fits-the-database",
	"path": ["plan", "urn:db", "inputs", "settings", "tier"],
	"params": {"store": "portal-db-g1", "edition": edition, "wish": tier, "allowed": allowed},
	"status": status,
}

_service(family, edition, days) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"family": family,
	"edition": edition,
	"backup": {"logDays": days},
}]}}}}

_versioned(edition, runtime, version) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"kind": "postgres",
	"edition": edition,
	"runtime": runtime,
	"version": version,
	"backup": {"logDays": 7},
}]}}}}

_plan(settings) := {"plan": {"resources": [{
	"urn": "urn:db",
	"type": "gcp:sql/databaseInstance:DatabaseInstance",
	"name": "portal-db-g1",
	"inputs": {"settings": settings},
}]}}
