# METADATA
# title: A database's backups outlive it
# description: >-
#   Whoever deletes an instance, by mistake or on purpose, deletes its backups with it unless they are kept.
#   Then nothing is left to restore.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Once database {store} is deleted, nothing of it is left after {days} days."
#   remediation: "Set `backup.keptAfterDeletionDays` of store {store} to 7 or more; without it, it is 30."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/final-backups
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
package rules.reliability.backups_outlive_the_database

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.runtime == "managed"
	store.backup.keptAfterDeletionDays < 7
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "keptAfterDeletionDays"],
		{"store": store.name, "days": store.backup.keptAfterDeletionDays, "expected": 7},
	)
}
