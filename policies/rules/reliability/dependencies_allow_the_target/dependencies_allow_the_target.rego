# METADATA
# title: Hard dependencies are as available as the promise
# description: >-
#   When a hard dependency is down, so are we: no redundancy of our own makes up for it. In 2022 Zuora was
#   down for 50 minutes, two and a half times what 99.95 % allows in 28 days.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{dependency} is a hard dependency with {availability} %, so {promised} % can't be promised."
#   remediation: "Answer without {dependency} and set `need: soft`, or lower `availability.target`."
#   references:
#     - https://queue.acm.org/detail.cfm?id=3096459
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/8088
package rules.reliability.dependencies_allow_the_target

import data.lib.result

deny contains finding if {
	_availability.ceiling < _availability.promised
	some i in _suspects
	dependency := input.spec.design.dependencies[i]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dependencies", i, "need"],
		{
			"dependency": dependency.name,
			"availability": dependency.availability,
			"promised": _availability.promised,
			"expected": "soft",
		},
	)
}

_availability := input.spec.design.availability

# Those that break the promise alone, or all when it takes several.
_suspects := _too_weak if count(_too_weak) > 0

_suspects := _hard if count(_too_weak) == 0

_hard contains i if {
	some i, dependency in input.spec.design.dependencies
	dependency.need == "hard"
}

_too_weak contains i if {
	some i in _hard
	input.spec.design.dependencies[i].availability < _availability.promised
}
