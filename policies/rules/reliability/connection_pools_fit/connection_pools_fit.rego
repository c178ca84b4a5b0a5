# METADATA
# title: All copies fit into the database
# description: >-
#   The autoscaler adds copies at the worst moment, each with its pool. When the database has no connection
#   left, the new copies take down the old ones. A fifth is kept for people, schedules and failover.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Database {store} is safe with {safe} connections; all copies together may open {wanted}."
#   remediation: "Lower `connections` or `replicas.max` of the workloads, or raise `{field}` of store {store}."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/manage-connections
#     - https://docs.cloud.google.com/architecture/framework/reliability/horizontal-scalability
package rules.reliability.connection_pools_fit

import data.lib.result

deny contains finding if {
	some i, store in input.spec.design.stores
	store.connectionsWanted > store.connectionsSafe
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, store.connectionsField],
		object.union(
			{
				"store": store.name,
				"wanted": store.connectionsWanted,
				"safe": store.connectionsSafe,
				"field": store.connectionsField,
			},
			{"expected": value | some value in [store.connectionsFit]; value != null},
		),
	)
}
