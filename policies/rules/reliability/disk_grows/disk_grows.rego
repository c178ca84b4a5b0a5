# METADATA
# title: Disks grow before they are full
# description: >-
#   A database with a full disk stops taking writes and doesn't start again. CustomersDot's disk alert waits
#   for 94 %, and repeats only every three hours.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "The disk of database {store} stays at {gigabytes} GB when it is full."
#   remediation: "Set `diskAutoresize: true` on store {store}."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/instance-settings#automatic-storage-increase-2ndgen
#     - https://gitlab.com/gitlab-com/runbooks/-/blob/master/docs/customersdot/disk-space.md
package rules.reliability.disk_grows

import rego.v2

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.runtime == "managed"
	not store.diskAutoresize
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "diskAutoresize"],
		{"store": store.name, "gigabytes": store.diskGb, "expected": true},
	)
}
