# METADATA
# title: The cluster has room for all peaks at once, without one of its zones
# description: >-
#   An autoscaler may ask for as many copies as `replicas.max` says. If all do so at once, and on the day that a
#   zone is lost, those for which the cluster has no node wait while their users do.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: >-
#     With all workloads at their most and a zone lost, {left} of {pods} copies find no node: {who}. There may be
#     {nodes} in each of {zones} other zones.
#   remediation: >-
#     Raise `cluster.nodesPerZone.max` of environment {environment}, or lower `replicas.max` of workloads that
#     run there to what they can need.
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
package rules.performance.cluster_has_room_for_all_peaks

import data.lib.result

deny contains finding if {
	cluster := input.spec.together.cluster
	cluster.most.leftOut > 0
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "cluster", "nodesPerZone", "max"],
		object.union(
			_params(cluster, cluster.most.leftOut, cluster.most.pods, cluster.most.firstLeftOut),
			{"expected": number | some number in [cluster.most.nodesPerZone]; number != null},
		),
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
