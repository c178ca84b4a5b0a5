# METADATA
# title: Connections to a database are counted
# description: >-
#   A database takes so many connections, and whether all copies fit at their most is computed from the pools
#   that workloads say they open. Where all say none, nothing is compared.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     {service} has database {store}, and all of its workloads say that they open no connection.
#   remediation: >-
#     Write `connections` of each workload that talks to {store}: the most that one copy opens.
#   references:
#     - https://cloud.google.com/sql/docs/postgres/manage-connections
package rules.reliability.pools_are_counted

import data.lib.result

deny contains finding if {
	_is_none_counted
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i],
		{"service": input.spec.service.metadata.name, "store": store.name},
	)
}

_is_none_counted if {
	workloads := input.spec.service.spec.workloads
	count(workloads) > 0
	every workload in workloads { workload.connections == 0 }
}
