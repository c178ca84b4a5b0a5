# METADATA
# title: A database's edition has what it asks for
# description: >-
#   Cloud SQL Enterprise keeps at most seven days of log; Enterprise Plus has machines of its own, and no
#   PostgreSQL before 12. What doesn't fit is refused in the middle of an update, after other things were
#   changed.
# custom:
#   level: 1
#   severity: error
#   stages: [spec, plan]
#   message: "Database {store} asks for {wish}, which its edition {edition} doesn't have."
#   remediation: "Give store {store} the other `edition`, or ask for what {edition} has: {allowed}."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/editions-intro
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
package rules.reliability.edition_fits_the_database

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.edition == "enterprise"
	store.backup.logDays > 7
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "logDays"],
		{
			"store": store.name,
			"edition": "enterprise",
			"wish": concat(" ", [format_int(store.backup.logDays, 10), "days of log"]),
			"allowed": "7 days of log",
			"expected": 7,
		},
	)
}

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.kind == "postgres"
	store.runtime == "managed"
	store.edition == "enterprise-plus"
	store.version in {"9.6", "10", "11"}
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "version"],
		{
			"store": store.name,
			"edition": "enterprise-plus",
			"wish": concat(" ", ["PostgreSQL", store.version]),
			"allowed": "PostgreSQL 12 or a later one",
		},
	)
}

deny contains finding if {
	some urn, instance in plan.resources_of("gcp:sql/databaseInstance:DatabaseInstance")
	settings := instance.inputs.settings
	not _fits(settings.edition, settings.tier)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "settings", "tier"],
		{
			"store": instance.name,
			"edition": _shown(settings, "edition"),
			"wish": _shown(settings, "tier"),
			"allowed": _allowed[_shown(settings, "edition")],
		},
	)
}

_plus := "db-perf-optimized-"

_fits("ENTERPRISE", tier) if {
	is_string(tier)
	not startswith(tier, _plus)
}

_fits("ENTERPRISE_PLUS", tier) if startswith(tier, _plus)

_shown(settings, field) := settings[field] if is_string(settings[field])

_shown(settings, field) := "unknown" if not is_string(settings[field])

_allowed := {
	"ENTERPRISE": "a tier db-custom-*",
	"ENTERPRISE_PLUS": "a tier db-perf-optimized-N-*",
	"unknown": "a tier of its own",
}
