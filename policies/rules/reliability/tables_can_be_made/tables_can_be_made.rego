# METADATA
# title: Somebody can make a database's tables
# description: >-
#   Since PostgreSQL 15 only the owner of a database makes tables in it, and in a MySQL nobody may do anything
#   that he wasn't given; workloads log in as users who own nothing. Without a migration the database stays
#   empty, and copies that need it never get ready.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Nobody can make tables in database {store}: its spec names no migration."
#   remediation: "Set `migration` of store {store} to the workload that brings its migrations, and the command that runs them."
#   references:
#     - https://www.postgresql.org/docs/15/ddl-schemas.html#DDL-SCHEMAS-PATTERNS
#     - https://cloud.google.com/sql/docs/postgres/users
#     - https://cloud.google.com/sql/docs/mysql/users
package rules.reliability.tables_can_be_made

import rego.v2

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.runtime == "managed"
	not _anybody_may(store)
	store.migration == null
	_is_used
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i],
		{"store": store.name},
	)
}

# A machine of today has its own way of doing it.
_is_used if {
	some workload in input.spec.service.spec.workloads
	workload.runtime == "kubernetes"
	workload.connections > 0
}

_anybody_may(store) if {
	store.kind == "postgres"
	store.version in _open_to_all
}

_open_to_all := {"9.6", "10", "11", "12", "13", "14"}
