package rules.reliability.messages_wait_for_a_repair_test

import data.rules.reliability.messages_wait_for_a_repair as rule

test_a_queue_that_drops_messages_over_a_weekend_fails if {
	rule.deny == {{
		"rule": "reliability/messages-wait-for-a-repair",
		"path": ["service", "spec", "stores", 0, "retentionDays"],
		"params": {"store": "mails", "days": 3, "expected": 4},
		"status": "failed",
	}} with input as _service("queue", 3)
}

test_four_days_pass if {
	rule.deny == set() with input as _service("queue", 4)
}

test_a_topic_keeps_messages_only_to_be_replayed if {
	rule.deny == set() with input as _service("topic", 1)
}

_service(kind, days) := {"spec": {"service": {"spec": {"stores": [{
	"name": "mails",
	"kind": kind,
	"retentionDays": days,
}]}}}}
