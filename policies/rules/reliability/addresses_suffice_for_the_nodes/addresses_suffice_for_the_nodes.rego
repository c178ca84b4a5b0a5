# METADATA
# title: The network has addresses for all nodes
# description: >-
#   A cluster whose ranges are used up grows no further, whatever it is allowed: pods wait for nodes that can't
#   come, and an upgrade, which takes an extra node in each zone, stands still.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "`network.{range}` of environment {environment} has room for {room} nodes, and there may be {most}."
#   remediation: >-
#     Give `network.{range}` of environment {environment} a larger range, or lower `cluster.nodesPerZone.max`:
#     with one more in each of its zones during an upgrade, that is what there may be.
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing
#     - https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr
package rules.reliability.addresses_suffice_for_the_nodes

import data.lib.result

deny contains finding if {
	cluster := input.spec.together.cluster
	some range, room in cluster.roomForNodes
	room < cluster.mostNodes
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "network", range],
		{
			"environment": input.spec.environment.metadata.name,
			"range": range,
			"room": room,
			"most": cluster.mostNodes,
		},
	)
}
