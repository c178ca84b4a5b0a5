# METADATA
# title: Databases can go back to any moment of a week
# description: >-
#   With daily backups alone a wrong statement costs up to a day of orders. The transaction log brings back
#   the second before it, as far as it reaches.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Database {store} keeps {kept} of the last 7 days of its transaction log."
#   remediation: "Set `backup.pointInTime: true` and `backup.logDays: 7` or more on store {store}."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
#     - https://docs.cloud.google.com/architecture/framework/reliability/perform-testing-for-recovery-from-data-loss
package rules.reliability.point_in_time_recovery_is_on

import rego.v2

import data.lib.result

deny contains finding if {
	some i, store in _databases
	not store.backup.pointInTime
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "pointInTime"],
		{"store": store.name, "kept": "none", "expected": true},
	)
}

deny contains finding if {
	some i, store in _databases
	store.backup.logDays < 7
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "logDays"],
		{
			"store": store.name,
			"kept": store.backup.logDays,
			"expected": 7,
		},
	)
}

_databases[i] := store if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
}
