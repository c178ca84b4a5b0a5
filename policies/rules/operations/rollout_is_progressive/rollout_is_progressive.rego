# METADATA
# title: New versions reach a few users first
# description: >-
#   Three of the seven public incidents of CustomersDot began with a change. A first step of at most a tenth,
#   and time to look at it, turns an outage into a blip.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   declared: {field: spec.rollout, purposes: [production], proof: operations/steps-are-realised}
#   message: "{service} rolls out in steps of {steps} %, {minutes} minutes apart."
#   remediation: >-
#     Write at least three `rollout.steps`, the first of at most 10, and a `rollout.soakMinutes` above 0.
#   references:
#     - https://sre.google/workbook/canarying-releases/
#     - https://docs.runway.gitlab.com/guides/deployment-strategy/
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/1224
package rules.operations.rollout_is_progressive

import rego.v2

import data.lib.result

deny contains finding if {
	_is_production
	not _is_gradual
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "rollout", "steps"],
		object.union(_params, {"expected": [5, 25, 50, 100]}),
	)
}

deny contains finding if {
	_is_production
	_rollout.soakMinutes == 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "rollout", "soakMinutes"],
		object.union(_params, {"expected": 15}),
	)
}

_is_production if input.spec.environment.spec.purpose == "production"

_is_gradual if {
	count(_rollout.steps) >= 3
	_rollout.steps[0] <= 10
}

_rollout := input.spec.service.spec.rollout

_params := {
	"service": input.spec.service.metadata.name,
	"steps": concat(", ", [format_int(step, 10) | some step in _rollout.steps]),
	"minutes": _rollout.soakMinutes,
}
