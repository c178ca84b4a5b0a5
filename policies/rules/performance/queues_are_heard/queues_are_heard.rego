# METADATA
# title: Autoscalers hear of the queues that they go by
# description: >-
#   Kubernetes asks an adapter how many messages wait. In a cluster that has none, an autoscaler that goes by a
#   queue never adds a copy for it, takes none away, and says so in its events, which nobody reads.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "More copies of {workload} come when {queue} grows, and in {environment} nobody tells how long it is."
#   remediation: >-
#     Have the platform write `cluster.queueMetrics` of environment {environment}, or remove `queueTarget` of
#     workload {workload}.
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/tutorials/autoscaling-metrics
package rules.performance.queues_are_heard

import data.lib.result

deny contains finding if {
	environment := input.spec.environment
	environment.spec.cluster.queueMetrics == null
	some i, workload in input.spec.service.spec.workloads
	target := workload.queueTarget
	target != null
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "workloads", i, "queueTarget"], {
		"workload": workload.name,
		"queue": target.queue,
		"environment": environment.metadata.name,
	})
}
