# METADATA
# title: What isn't production doesn't cost like it
# description: >-
#   Enterprise Plus buys an availability that nobody is promised outside production, at a much higher price
#   for the same memory. What staging has to show, it shows on the smaller edition.
# custom:
#   level: 4
#   severity: warning
#   stages: [spec]
#   message: "Database {store} in {environment} pays for the edition of production."
#   remediation: "Set `edition: enterprise` on store {store} in the override for {environment}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/cost-optimization/align-cloud-spending-business-value
#     - https://cloud.google.com/sql/docs/postgres/editions-intro
package rules.cost.staging_is_smaller

import data.lib.result

deny contains finding if {
	input.spec.environment.spec.purpose != "production"
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.runtime == "managed"
	store.edition == "enterprise-plus"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "edition"],
		{
			"store": store.name,
			"environment": input.spec.environment.metadata.name,
			"expected": "enterprise",
		},
	)
}
