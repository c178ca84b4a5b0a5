# METADATA
# title: Steps of a rollout are in the plan
# description: >-
#   Steps in a file keep nobody from a bad version. A Deployment replaces its copies as fast as new ones are
#   ready, whether they answer well or not; a Rollout goes on step by step, and back when copies don't come up.
# custom:
#   level: 3
#   severity: error
#   stages: [spec, plan]
#   message: "{resource} {what}, whatever `rollout.steps` says."
#   remediation: >-
#     Have the platform write `cluster.rollouts` of environment {environment}; with it, `pave plan {service}` has
#     a Rollout for workload {workload}.
#   references:
#     - https://argo-rollouts.readthedocs.io/en/stable/features/canary/
#     - https://sre.google/workbook/canarying-releases/
package rules.operations.steps_are_realised

import rego.v2

import data.lib.plan
import data.lib.result
import data.lib.words

# Where the environment can't, no plan has to be made to say so.
deny contains finding if {
	_is_asked
	is_null(input.spec.environment.spec.cluster.rollouts)
	names := [workload.name | some workload in input.spec.service.spec.workloads; _is_replaced(workload)]
	count(names) > 0
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "rollout", "steps"], {
		"resource": input.spec.service.metadata.name,
		"what": "replaces all its copies at once",
		"workload": words.listed(names),
		"environment": input.spec.environment.metadata.name,
		"service": input.spec.service.metadata.name,
	})
}

deny contains finding if {
	_is_asked
	some deployment in plan.resources_of("kubernetes:apps/v1:Deployment")
	not plan.value(deployment, ["inputs", "spec", "strategy", "type"]) == "Recreate"
	finding := _finding(deployment, [], "replaces all its copies at once")
}

deny contains finding if {
	_is_asked
	some rollout in plan.resources_of("kubernetes:argoproj.io/v1alpha1:Rollout")
	not _is_as_asked(rollout)
	finding := _finding(rollout, _steps, "goes on in other steps, or without waiting")
}

_is_asked if {
	input.spec.environment.spec.purpose == "production"
	count(_rollout.steps) > 1
}

_is_replaced(workload) if {
	workload.runtime == "kubernetes"
	workload.kind != "cron"
	not workload.singleLeader
}

_rollout := input.spec.service.spec.rollout

_steps := ["inputs", "spec", "strategy", "canary", "steps"]

_is_as_asked(rollout) if {
	steps := plan.value(rollout, _steps)
	[step.setWeight | some step in steps] == [step | some step in _rollout.steps; step < 100]
	waits := [step | some step in steps; step.pause.duration == _soak]
	count(waits) == count(_rollout.steps) - 1
}

_soak := concat("", [format_int(round(_rollout.soakMinutes * 60), 10), "s"])

_finding(resource, at, what) := result.fail(rego.metadata.chain(), plan.place(resource, at, []), {
	"resource": resource.name,
	"what": what,
	"workload": workload.name,
	"environment": input.spec.environment.metadata.name,
	"service": input.spec.service.metadata.name,
}) if {
	some workload in input.spec.design.workloads
	workload.resource == resource.name
}
