# METADATA
# title: Stores have no address on the internet
# description: >-
#   A database that the internet can reach is tried day and night, and one leaked password or one unpatched
#   fault is then enough. On the private network both need a foothold first.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Store {store} has an address on the internet."
#   remediation: "Set `access: private` on store {store}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://cloud.google.com/sql/docs/postgres/private-ip
package rules.security.stores_are_private

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.access != "private"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "access"],
		{"store": store.name, "expected": "private"},
	)
}
