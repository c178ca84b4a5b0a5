# METADATA
# title: Databases tell who changed what
# description: >-
#   When personal or payment data was changed or copied, somebody has to be able to say by whom. The cloud's
#   audit log sees the instance and not the statements in it; pgAudit sees those.
# custom:
#   level: 2
#   severity: error
#   guards: [data]
#   stages: [spec]
#   message: "Database {store} holds {class} data and records {recorded} of its statements."
#   remediation: "Set `audit: {expected}` on store {store}, or leave it out."
#   references:
#     - https://cloud.google.com/sql/docs/postgres/pg-audit
#     - https://docs.cloud.google.com/architecture/framework/security/implement-security-by-design
package rules.security.databases_are_audited

import rego.v2

import data.lib.result

deny contains finding if {
	class := input.spec.service.spec.dataClass
	some i, store in input.spec.service.spec.stores
	store.family == "database"
	store.runtime == "managed"
	_rank[store.audit] < _rank[_least[class]]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "audit"],
		{"store": store.name, "class": class, "recorded": _said[store.audit], "expected": _least[class]},
	)
}

_rank := {"off": 0, "changes": 1, "everything": 2}

_least := {"red": "everything", "orange": "changes"}

_said := {"off": "none", "changes": "only changes"}
