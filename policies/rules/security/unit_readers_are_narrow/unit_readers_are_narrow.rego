# METADATA
# title: A unit answers known addresses only
# description: >-
#   Metrics tell what a service does, for whom, and where it is weak. Its gateway answers the ranges that are
#   named, and nobody else; a range of half the internet names nobody.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "The gateway of the unit {unit} answers {range}, which is more than one network."
#   remediation: "Name the ranges of those who read, each a /16 or narrower. Without any, nobody may."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://prometheus.io/docs/operating/security/
package rules.security.unit_readers_are_narrow

import rego.v2

import data.lib.result

deny contains finding if {
	some i, range in input.spec.unit.spec.readers
	to_number(split(range, "/")[1]) < 16
	finding := result.fail(
		rego.metadata.chain(),
		["unit", "spec", "readers", i],
		{"unit": input.spec.unit.metadata.name, "range": range},
	)
}
