# METADATA
# title: What is deleted from a bucket can be had back for a week
# description: >-
#   A bucket has no backups: a command too many, or a program with a fault, and what was in it is gone from
#   every zone at once. For as long as Cloud Storage keeps what was deleted, or lets nobody delete it, it isn't.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "What is deleted from bucket {store} can be had back for {days} days."
#   remediation: "Set `softDeleteDays` of store {store} to 7 or more; without it, it is 30. Or give it a `retention`."
#   references:
#     - https://cloud.google.com/storage/docs/soft-delete
#     - https://cloud.google.com/storage/docs/bucket-lock
package rules.reliability.deleted_objects_come_back

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "bucket"
	store.softDeleteDays < 7
	store.retention == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "softDeleteDays"],
		{"store": store.name, "days": store.softDeleteDays, "expected": 7},
	)
}
