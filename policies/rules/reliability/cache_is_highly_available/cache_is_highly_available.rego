# METADATA
# title: Caches survive the loss of a zone
# description: >-
#   A zonal Memorystore loses all it holds when its zone or its node is lost, and at maintenance. For
#   CustomersDot that is every session and every job that waits in Sidekiq.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Redis {store} runs in one zone."
#   remediation: "Set `availability: regional` on store {store}; raise its `generation` too if it holds data now."
#   references:
#     - https://cloud.google.com/memorystore/docs/redis/high-availability
package rules.reliability.cache_is_highly_available

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.kind == "redis"
	store.runtime == "managed"
	store.availability != "regional"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "availability"],
		{"store": store.name, "expected": "regional"},
	)
}
