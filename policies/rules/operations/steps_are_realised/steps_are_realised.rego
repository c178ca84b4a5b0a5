# METADATA
# title: Steps of a rollout are in the plan
# description: >-
#   Steps in a file keep nobody from a bad version. A Deployment replaces its copies as fast as new ones are
#   ready, whether they answer well or not; a Rollout goes on step by step, and back when copies don't come up.
# custom:
#   level: 3
#   severity: error
#   stages: [plan]
#   message: "{resource} replaces all its copies at once, whatever `rollout.steps` says."
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

deny contains finding if {
	input.spec.environment.spec.purpose == "production"
	count(input.spec.service.spec.rollout.steps) > 1
	some urn, deployment in plan.resources_of("kubernetes:apps/v1:Deployment")
	some workload in input.spec.design.workloads
	workload.resource == deployment.name
	not plan.value(deployment, ["inputs", "spec", "strategy", "type"]) == "Recreate"
	finding := result.fail(rego.metadata.chain(), ["plan", urn], {
		"resource": deployment.name,
		"workload": workload.name,
		"environment": input.spec.environment.metadata.name,
		"service": input.spec.service.metadata.name,
	})
}
