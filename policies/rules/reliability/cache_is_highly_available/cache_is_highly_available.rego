# METADATA
# title: Caches survive the loss of a zone
# description: >-
#   A zonal Memorystore loses all it holds when its zone or its node is lost, and at maintenance. For
#   CustomersDot that is every session and every job that waits in Sidekiq.
# custom:
#   level: 2
#   severity: error
#   stages: [spec, plan]
#   message: "Redis {store} runs in one zone."
#   remediation: "Set `availability: regional` on store {store}; raise its `generation` too if it holds data now."
#   references:
#     - https://cloud.google.com/memorystore/docs/redis/high-availability
package rules.reliability.cache_is_highly_available

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "cache"
	store.runtime == "managed"
	store.availability != "regional"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "availability"],
		{"store": store.name, "expected": "regional"},
	)
}

deny contains finding if {
	some urn, instance in plan.resources_of("gcp:redis/instance:Instance")
	not instance.inputs.tier == "STANDARD_HA"
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "tier"],
		{"store": instance.name},
	)
}

deny contains finding if {
	some urn, instance in plan.resources_of("gcp:memorystore/instance:Instance")
	not _has_replicas(instance)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "replicaCount"],
		{"store": instance.name},
	)
}

_has_replicas(instance) if {
	is_number(instance.inputs.replicaCount)
	instance.inputs.replicaCount > 0
}
