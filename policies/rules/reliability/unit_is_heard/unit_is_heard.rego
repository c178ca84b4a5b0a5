# METADATA
# title: Somebody is woken by a unit
# description: >-
#   An alert that nobody is woken by is a log line. Those that page go to the receivers that say so; without
#   any, pages lie in a channel until the morning.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "No receiver of the unit {unit} wakes anybody."
#   remediation: "Write `pages: true` at the one that does."
#   references:
#     - https://sre.google/sre-book/practical-alerting/
#     - https://prometheus.io/docs/practices/alerting/
package rules.reliability.unit_is_heard

import rego.v2

import data.lib.result

deny contains finding if {
	receivers := input.spec.unit.spec.receivers
	pages := [receiver | some receiver in receivers; receiver.pages]
	count(pages) == 0
	finding := result.fail(
		rego.metadata.chain(),
		["unit", "spec", "receivers"],
		{"unit": input.spec.unit.metadata.name},
	)
}
