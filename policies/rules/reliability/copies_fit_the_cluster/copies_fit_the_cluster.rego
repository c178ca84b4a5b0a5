# METADATA
# title: All copies of a service find a node
# description: >-
#   A copy that finds no node waits, Kubernetes says so to nobody, and the update that makes it fails after its
#   deadline. Here the cluster is taken to run nothing else, with all its zones: what it has beside others, and
#   without a zone, is judged with the environment.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: >-
#     {left} of {pods} copies of {service} find no node: {who}. {environment} has up to {nodes} nodes in each of
#     {zones} zones.
#   remediation: >-
#     Lower `replicas.min`, `cpu` or `memoryMb` of workload {workload}, or have the platform raise
#     `cluster.nodesPerZone.max` of environment {environment}, or take larger nodes whose size pave knows.
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
package rules.reliability.copies_fit_the_cluster

import data.lib.result

deny contains finding if {
	fit := input.spec.design.ownFit
	fit.leftOut > 0
	some i, workload in input.spec.design.workloads
	workload.name == fit.workload
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "workloads", i, "replicas", "min"], {
		"service": input.spec.service.metadata.name,
		"environment": input.spec.environment.metadata.name,
		"workload": workload.name,
		"left": fit.leftOut,
		"pods": fit.pods,
		"who": fit.firstLeftOut,
		"nodes": fit.nodesPerZone,
		"zones": fit.zones,
	})
}

# Nobody knows how much room a node has.
deny contains finding if {
	input.spec.design.node == null
	some i, workload in input.spec.design.workloads
	workload.runtime == "kubernetes"
	environment := input.spec.environment
	finding := result.undecided(rego.metadata.chain(), ["service", "spec", "workloads", i, "replicas", "min"], {
		"service": input.spec.service.metadata.name,
		"environment": environment.metadata.name,
		"workload": workload.name,
		"left": "Nobody knows how many",
		"pods": "all",
		"who": concat(" ", ["the size of", environment.spec.cluster.machineType, "isn't known"]),
		"nodes": environment.spec.cluster.nodesPerZone.max,
		"zones": count(environment.spec.zones),
	})
}
