# METADATA
# title: An experiment stays small
# description: >-
#   An experiment may fail, lose its data and go away, so few rules bind it. What the business can't do
#   without, and what holds people's data, is no experiment, whatever it is called.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "{service} is an experiment in production, but {why}."
#   remediation: "Set `stage` to beta or ga, or keep {service} away from what it is too early for."
#   references:
#     - https://docs.gitlab.com/policy/development_stages_support/
#     - https://handbook.gitlab.com/handbook/security/policies_and_standards/data-classification-standard/
package rules.operations.experiments_stay_small

import data.lib.result
import data.lib.words

deny contains finding if {
	input.spec.environment.spec.purpose == "production"
	_spec.stage == "experiment"
	count(_reasons) > 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stage"],
		{"service": input.spec.service.metadata.name, "why": words.listed(sort(_reasons))},
	)
}

_spec := input.spec.service.spec

_reasons contains "its tier is critical" if _spec.tier == "critical"

_reasons contains concat("", ["the data it holds is ", _spec.dataClass]) if _spec.dataClass in {"red", "orange"}

_reasons contains concat("", ["people pay through its endpoint ", endpoint.name]) if {
	some endpoint in _spec.endpoints
	endpoint.sensitive == "payment"
}
