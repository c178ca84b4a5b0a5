# METADATA
# title: Databases survive the loss of a zone
# description: >-
#   A zonal database is gone for as long as its zone is, and its service with it. A regional one keeps a
#   standby in a second zone and fails over to it within about a minute.
# custom:
#   level: 2
#   severity: error
#   guards: [data]
#   stages: [spec, plan]
#   message: "Database {store} runs in one zone."
#   remediation: "Set `availability: regional` on store {store}."
#   references: ["https://cloud.google.com/sql/docs/postgres/high-availability"]
package rules.reliability.database_is_regional

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.availability != "regional"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "availability"],
		{"store": store.name, "expected": "regional"},
	)
}

deny contains finding if {
	some urn, instance in plan.databases
	not instance.inputs.settings.availabilityType == "REGIONAL"
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "settings", "availabilityType"],
		{"store": instance.name},
	)
}
