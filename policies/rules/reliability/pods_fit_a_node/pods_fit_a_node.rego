# METADATA
# title: A copy fits a node
# description: >-
#   A copy that asks for more than an empty node has waits for ever: no number of nodes helps, and the update
#   that makes it fails after its deadline.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: >-
#     A copy of {workload} asks for {asked} {unit}; an empty {machine} has {room} for it.
#   remediation: >-
#     Lower `{field}` of workload {workload}, or its `size`, or have the platform take larger nodes
#     (`cluster.machineType` of the environment).
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
#     - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
package rules.reliability.pods_fit_a_node

import data.lib.result

deny contains finding if {
	node := input.spec.design.node
	some i, workload in input.spec.design.workloads
	workload.runtime == "kubernetes"
	some field, unit in {"cpu": "cores", "memoryMb": "MiB"}
	workload[field] > node[field]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, field],
		{
			"workload": workload.name,
			"asked": workload[field],
			"unit": unit,
			"field": field,
			"room": node[field],
			"machine": node.machineType,
		},
	)
}
