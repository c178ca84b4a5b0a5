# METADATA
# title: Hard dependencies are as available as the promise
# description: >-
#   When a hard dependency is down, so are we: no redundancy of our own makes up for it. In 2022 Zuora was
#   down for 50 minutes, two and a half times what 99.95 % allows in 28 days.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Hard dependencies ({dependencies}) allow {ceiling} %{unless}, so {promised} % {verdict}."
#   remediation: >-
#     Answer without {weakest} and say so with `need: soft` and what is `degraded`, or lower
#     `availability.target` to {ceiling} or less. What is known of one at an address is its `availability`.
#   references:
#     - https://queue.acm.org/detail.cfm?id=3096459
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/8088
package rules.reliability.dependencies_allow_the_target

import data.lib.result
import data.lib.words

deny contains finding if {
	_availability.ceiling < _availability.promised
	[_, weakest, i] := min(_hard)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dependencies", i, "need"],
		{
			"dependencies": words.listed(sort(_names)),
			"weakest": weakest,
			"ceiling": _availability.ceiling,
			"promised": _availability.promised,
			"expected": "soft",
			"unless": "",
			"verdict": "can't be promised",
		},
	)
}

# Nobody knows whether the one that is unknown allows it.
deny contains finding if {
	_availability.ceiling >= _availability.promised
	some i, dependency in input.spec.design.dependencies
	dependency.need == "hard"
	dependency.availability == null
	finding := result.undecided(
		rego.metadata.chain(),
		["service", "spec", "dependencies", i, "availability"],
		{
			"dependencies": words.listed(sort(_names)),
			"weakest": dependency.name,
			"ceiling": _availability.ceiling,
			"promised": _availability.promised,
			"unless": concat("", [" while ", dependency.name, " is up"]),
			"verdict": concat("", ["may be too much: nobody knows how available ", dependency.name, " is"]),
		},
	)
}

_availability := input.spec.design.availability

# The weakest first, then by name, so that it doesn't matter in which order they are written.
_hard contains [dependency.availability, dependency.name, i] if {
	some i, dependency in input.spec.design.dependencies
	dependency.need == "hard"
	dependency.availability != null
}

_names contains dependency.name if {
	some dependency in input.spec.design.dependencies
	dependency.need == "hard"
}
