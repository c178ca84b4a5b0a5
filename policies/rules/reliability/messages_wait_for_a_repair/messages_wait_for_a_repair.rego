# METADATA
# title: Messages wait until a fault is mended
# description: >-
#   A queue is drained by a program that may be wrong: found on a Friday evening, it is mended on Monday, and a
#   holiday makes it Tuesday. What Pub/Sub doesn't keep for so long is gone, and nobody can ask for it again.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "A message in queue {store} waits for {days} days before it is dropped."
#   remediation: "Set `retentionDays` of store {store} to 4 or more; without it, it is 7."
#   references:
#     - https://cloud.google.com/pubsub/docs/subscription-retention-policy
#     - https://sre.google/workbook/data-processing/
package rules.reliability.messages_wait_for_a_repair

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.kind == "queue"
	store.retentionDays < 4
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "retentionDays"],
		{"store": store.name, "days": store.retentionDays, "expected": 4},
	)
}
