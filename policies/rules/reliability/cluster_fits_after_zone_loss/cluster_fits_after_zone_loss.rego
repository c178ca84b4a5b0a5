# METADATA
# title: The cluster fits its services without one of its zones
# description: >-
#   When a zone is lost, all that ran there looks for room in the others at once, and the cluster grows only up to
#   what it is allowed. Copies that find none wait, whatever their service has promised.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: >-
#     When a zone is lost, {left} of {pods} copies find no node: {who}. There may be {nodes} in each of {zones}
#     other zones.
#   remediation: >-
#     Raise `cluster.nodesPerZone.max` of environment {environment}, or take a larger `cluster.machineType` (one
#     whose size pave knows), or lower `replicas.min`, `cpu` or `memoryMb` of workloads that run there.
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
package rules.reliability.cluster_fits_after_zone_loss

import data.lib.result

deny contains finding if {
	cluster := input.spec.together.cluster
	cluster.least.leftOut > 0
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "cluster", "nodesPerZone", "max"],
		object.union(
			_params(cluster, cluster.least.leftOut, cluster.least.pods, cluster.least.firstLeftOut),
			{"expected": number | some number in [cluster.least.nodesPerZone]; number != null},
		),
	)
}

deny contains finding if {
	cluster := input.spec.together.cluster
	cluster.node == null
	finding := result.undecided(
		rego.metadata.chain(),
		["environment", "spec", "cluster", "machineType"],
		_params(cluster, "nobody knows how many", "all", concat(" ", ["the size of", cluster.machineType, "isn't known"])),
	)
}

_params(cluster, left, pods, who) := {
	"environment": input.spec.environment.metadata.name,
	"left": left,
	"pods": pods,
	"who": who,
	"nodes": cluster.nodesPerZone,
	"zones": cluster.zones,
}
