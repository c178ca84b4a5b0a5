# METADATA
# title: An autoscaler starts from one copy
# description: >-
#   Kubernetes refuses an autoscaler whose fewest copies are zero: it looks at the CPU that copies use, and none
#   use any. Half a stack then stands there, and the update that made it has failed.
# custom:
#   level: 1
#   severity: error
#   waivable: false
#   stages: [spec]
#   message: "Workload {workload} asks for an autoscaler of zero copies, which Kubernetes refuses."
#   remediation: "Set `replicas.min` of workload {workload} to {expected} or more."
#   references:
#     - https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
#     - https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
package rules.reliability.autoscaler_starts_from_one

import rego.v2

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.design.workloads
	workload.runtime == "kubernetes"
	workload.kind != "cron" # a job has no autoscaler
	workload.minReplicas < 1
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "replicas", "min"],
		{"workload": workload.name, "expected": 1},
	)
}
