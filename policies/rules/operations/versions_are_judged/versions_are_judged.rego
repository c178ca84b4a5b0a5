# METADATA
# title: A bad version of a critical service is noticed by what it does
# description: >-
#   `rollback: automatic` in a file takes nothing back. A rollout notices copies that don't come up; copies that
#   come up and answer badly only somebody notices who compares what they count with what the old version counts,
#   from the first of them on, and who lets none further that hasn't passed.
# custom:
#   level: 3
#   severity: error
#   stages: [plan]
#   message: "A new version of {resource} goes on to everybody, whatever it does: {why}."
#   remediation: >-
#     Have the copies of workload {workload} count what fails: a web server its requests (`metrics.requests`), a
#     worker its jobs (`metrics.queue`, and `jobs` that name it). Environment {environment} needs
#     `cluster.rollouts` and an observability unit.
#   references:
#     - https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
#     - https://sre.google/workbook/canarying-releases/
package rules.operations.versions_are_judged

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some workload, deployment in _replaced_at_once
	finding := _finding(workload, deployment, ["inputs", "spec", "strategy"], "all its copies are replaced at once")
}

deny contains finding if {
	some workload, rollout in _rollouts
	not _is_guarded(rollout)
	finding := _finding(workload, rollout, _guard, "no analysis fails when it does worse than the old one")
}

deny contains finding if {
	some workload, rollout in _rollouts
	not _is_gated(rollout)
	finding := _finding(workload, rollout, _steps, "a step follows on another before it has passed")
}

deny contains finding if {
	some workload, rollout in _rollouts
	not plan.value(rollout, _gives_up) == true
	finding := _finding(workload, rollout, _gives_up, "nothing takes it back when its copies don't come up")
}

_is_asked if {
	input.spec.service.spec.tier == "critical"
	input.spec.service.spec.rollout.rollback == "automatic"
	count(input.spec.service.spec.rollout.steps) > 1
}

_replaced_at_once[workload.name] := resource if {
	_is_asked
	some resource in plan.resources_of("kubernetes:apps/v1:Deployment")
	some workload in input.spec.design.workloads
	workload.resource == resource.name
	not plan.value(resource, ["inputs", "spec", "strategy", "type"]) == "Recreate"
}

# A version that has changed a store for good is only stopped, for a person.
_rollouts[workload.name] := resource if {
	_is_asked
	some resource in plan.resources_of("kubernetes:argoproj.io/v1alpha1:Rollout")
	some workload in input.spec.design.workloads
	workload.resource == resource.name
	count(workload.rollout.irreversible) == 0
}

_gives_up := ["inputs", "spec", "progressDeadlineAbort"]

_canary := ["inputs", "spec", "strategy", "canary"]

_guard := array.concat(_canary, ["analysis", "templates"])

_steps := array.concat(_canary, ["steps"])

_is_guarded(rollout) if {
	some each in plan.value(rollout, _guard)
	some metric in _metrics(rollout, each.templateName)
	is_string(metric.failureCondition)
	metric.failureCondition != "false"
}

_is_gated(rollout) if {
	steps := plan.value(rollout, _steps)
	weights := {index | some index, step in steps; step.setWeight < 100}
	judged := {index |
		some index, step in steps
		some each in step.analysis.templates
		some metric in _metrics(rollout, each.templateName)
		is_string(metric.successCondition)
	}
	every index in weights {
		some other in judged
		other > index
		count([between | some between in weights; between > index; between < other]) == 0
	}
	count(weights) > 0
}

_metrics(rollout, name) := found if {
	found := [metric |
		some template in plan.resources_of("kubernetes:argoproj.io/v1alpha1:AnalysisTemplate")
		template.inputs.metadata.name == name
		template.inputs.metadata.namespace == rollout.inputs.metadata.namespace
		some metric in template.inputs.spec.metrics
	]
}

_finding(workload, resource, at, why) := result.fail(
	rego.metadata.chain(),
	plan.place(resource, at, []),
	{
		"resource": resource.name,
		"workload": workload,
		"environment": input.spec.environment.metadata.name,
		"why": why,
	},
)
