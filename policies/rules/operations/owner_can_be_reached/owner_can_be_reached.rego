# METADATA
# title: Somebody reacts at the hours that are promised
# description: >-
#   An alert that nobody is awake for is a log line. How much the business needs a service says when its
#   owners have to be reachable, and the team's rota has to say the same. An experiment may wait till morning.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "On-call for {who} is {coverage}, but {needer} needs {wanted}."
#   remediation: "Raise `onCall.coverage` of {who} to {wanted}, or choose a lower tier or another owner."
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/incident-management/
#     - https://sre.google/sre-book/being-on-call/
package rules.operations.owner_can_be_reached

import data.lib.result

deny contains finding if {
	_hours[_spec.onCall.coverage] < _hours[_wanted]
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "onCall", "coverage"], {
		"who": _metadata.name,
		"coverage": _spec.onCall.coverage,
		"needer": concat(" ", ["tier", _spec.tier]),
		"wanted": _wanted,
		"expected": _wanted,
	})
}

deny contains finding if {
	some team in input.spec.catalog.teams
	team.name == _metadata.owner
	_hours[team.onCall.coverage] < _hours[_promised]
	finding := result.fail(rego.metadata.chain(), ["service", "metadata", "owner"], {
		"who": concat(" ", ["team", team.name]),
		"coverage": team.onCall.coverage,
		"needer": _metadata.name,
		"wanted": _promised,
	})
}

_metadata := input.spec.service.metadata

_spec := input.spec.service.spec

_hours := {"none": 0, "business-hours": 1, "24x5": 2, "24x7": 3}

_by_tier := {"critical": "24x7", "standard": "24x5", "internal": "business-hours"}

_wanted := _by_tier[_spec.tier] if _spec.stage != "experiment"

_wanted := "business-hours" if _spec.stage == "experiment"

_promised := _spec.onCall.coverage if _spec.stage != "experiment"

_promised := "business-hours" if _spec.stage == "experiment"
