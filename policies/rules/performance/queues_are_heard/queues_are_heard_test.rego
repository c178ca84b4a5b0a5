package rules.performance.queues_are_heard_test

import data.rules.performance.queues_are_heard as rule

test_a_queue_that_nobody_tells_of_fails if {
	rule.deny == {_finding} with input as _input(null, {"queue": "mails", "messages": 100})
}

test_a_queue_that_the_environment_tells_of_passes if {
	rule.deny == set() with input as _input("registry/adapter@sha256:0", {"queue": "mails", "messages": 100})
}

test_who_goes_by_its_cpu_alone_passes if {
	rule.deny == set() with input as _input(null, null)
}

_finding := {
	"rule": "performance/queues-are-heard",
	"path": ["service", "spec", "workloads", 0, "queueTarget"],
	"params": {"workload": "mailer", "queue": "mails", "environment": "staging"},
	"status": "failed",
}

_input(image, target) := {"spec": {
	"service": {"spec": {"workloads": [{"name": "mailer", "queueTarget": target}]}},
	"environment": {"metadata": {"name": "staging"}, "spec": {"cluster": {"queueMetrics": image}}},
}}
