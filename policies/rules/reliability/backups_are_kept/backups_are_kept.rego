# METADATA
# title: A week of database backups is kept
# description: >-
#   A fault in the data is often seen days later. Without a backup from before it there is nothing to go
#   back to, and no second zone helps: it holds the same fault.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Database {store} keeps {kept} of the last 7 daily backups."
#   remediation: "Set `backup.enabled: true` and `backup.retained: 7` or more on store {store}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/perform-testing-for-recovery-from-data-loss
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
package rules.reliability.backups_are_kept

import rego.v2

import data.lib.result

deny contains finding if {
	some i, store in _databases
	not store.backup.enabled
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "enabled"],
		{"store": store.name, "kept": "none", "expected": true},
	)
}

deny contains finding if {
	some i, store in _databases
	store.backup.retained < 7
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "retained"],
		{
			"store": store.name,
			"kept": store.backup.retained,
			"expected": 7,
		},
	)
}

_databases[i] := store if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
}
