# METADATA
# title: Backups reach back as far as the log
# description: >-
#   A log is replayed on top of a backup from before it. Cloud SQL refuses more days of log than it keeps daily
#   backups, in the middle of an update.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Database {store} keeps {days} days of log over {kept} daily backups."
#   remediation: "Set `backup.logDays` of store {store} to {kept} at most, or keep more backups (`backup.retained`)."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
#     - https://github.com/terraform-google-modules/terraform-google-sql-db/pull/785
package rules.reliability.backups_reach_back_as_far_as_the_log

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.runtime == "managed"
	store.backup.pointInTime
	store.backup.logDays > store.backup.retained
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "backup", "logDays"],
		{
			"store": store.name,
			"days": store.backup.logDays,
			"kept": store.backup.retained,
			"expected": store.backup.retained,
		},
	)
}
