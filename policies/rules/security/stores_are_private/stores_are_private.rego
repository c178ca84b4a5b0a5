# METADATA
# title: Databases have no address on the internet
# description: >-
#   A database that the internet can reach is tried day and night, and one leaked password or one unpatched
#   fault is then enough. On the private network both need a foothold first.
# custom:
#   level: 1
#   severity: error
#   waivable: false
#   stages: [spec, plan]
#   message: "Database {store} has an address on the internet."
#   remediation: "Set `access: private` on store {store}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://cloud.google.com/sql/docs/postgres/private-ip
package rules.security.stores_are_private

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.access != "private"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "access"],
		{"store": store.name, "expected": "private"},
	)
}

deny contains finding if {
	some urn, instance in plan.resources_of("gcp:sql/databaseInstance:DatabaseInstance")
	not instance.inputs.settings.ipConfiguration.ipv4Enabled == false
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "settings", "ipConfiguration", "ipv4Enabled"],
		{"store": instance.name},
	)
}
