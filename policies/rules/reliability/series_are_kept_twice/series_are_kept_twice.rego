# METADATA
# title: What units have written survives the loss of a storage node
# description: >-
#   With each sample on two nodes, one may be lost with its disk. New samples are on two again only while three
#   nodes are there; and two copies, as two Prometheus, make two samples unless one of them is dropped.
# custom:
#   level: 3
#   severity: error
#   stages: [spec, plan]
#   message: "{what} {why}."
#   remediation: "Run three storage nodes or more, in different zones, and leave the rest to the global stack's design."
#   references:
#     - https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#replication-and-data-safety
#     - https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#deduplication
package rules.reliability.series_are_kept_twice

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	nodes := input.spec.global.spec.storageNodes
	nodes < 3
	finding := result.fail(
		rego.metadata.chain(),
		["global", "spec", "storageNodes"],
		{"what": input.spec.global.metadata.name, "why": _few},
	)
}

deny contains finding if {
	some cluster in _clusters
	at := ["inputs", "spec", "vmstorage", "replicaCount"]
	not _at_least(plan.value(cluster, at), 3)
	finding := _finding(cluster, at, _few)
}

deny contains finding if {
	some cluster in _clusters
	at := ["inputs", "spec", "replicationFactor"]
	not _at_least(plan.value(cluster, at), 2)
	finding := _finding(cluster, at, "keeps each sample once")
}

deny contains finding if {
	some cluster in _clusters
	some part in {"vmselect", "vmstorage"}
	at := ["inputs", "spec", part, "extraArgs", "dedup.minScrapeInterval"]
	not regex.match(`^[1-9][0-9]*(ms|s|m)$`, plan.value(cluster, at))
	finding := _finding(cluster, at, concat("", ["shows each sample as often as there are copies, in ", part]))
}

deny contains finding if {
	some cluster in _clusters
	some part, field in {"vmstorage": "topologySpreadConstraints", "vmselect": "podDisruptionBudget"}
	at := ["inputs", "spec", part, field]
	not _says(plan.value(cluster, at))
	finding := _finding(cluster, at, concat(" ", ["may lose all copies of", part, "at once"]))
}

_clusters contains cluster if {
	some cluster in plan.resources_of("kubernetes:operator.victoriametrics.com/v1beta1:VMCluster")
}

_at_least(value, least) if {
	is_number(value)
	value >= least
}

_says(value) if {
	not plan.is_unknown(value)
	count(value) > 0
}

_few := "has too few storage nodes to lose one"

_finding(cluster, at, why) := result.fail(
	rego.metadata.chain(),
	plan.place(cluster, at, []),
	{"what": cluster.name, "why": why},
)
