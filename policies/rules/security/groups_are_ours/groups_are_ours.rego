# METADATA
# title: Groups of employees are ours
# description: >-
#   Whoever is in a group gets through the identity-aware proxy. A group of another domain is filled by
#   others: one at a public mail service by anybody.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     Members of {group} get in, and employees of {environment} are in {domains}.
#   remediation: >-
#     Take a group of {domains}, or keep it and have the owner of {environment} know.
#   references:
#     - https://cloud.google.com/iap/docs/managing-access
package rules.security.groups_are_ours

import rego.v2

import data.lib.result

deny contains finding if {
	input.spec.service.spec.edge.exposure == "employees"
	some i, group in input.spec.service.spec.edge.groups
	count(_domains) > 0
	not _domain(group) in _domains
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "groups", i], {
		"group": group,
		"environment": input.spec.environment.metadata.name,
		"domains": concat(", ", _domains),
	})
}

_domains := {_domain(group) | some group in input.spec.environment.spec.employees}

_domain(group) := split(group, "@")[1]
