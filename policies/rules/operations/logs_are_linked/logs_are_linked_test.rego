package rules.operations.logs_are_linked_test

import data.rules.operations.logs_are_linked as rule

test_a_service_without_a_link_to_logs_fails if {
	rule.deny == {{
		"rule": "operations/logs-are-linked",
		"path": ["service", "metadata", "links"],
		"params": {"service": "portal", "criterion": "Structured logs available in Kibana"},
		"status": "failed",
	}} with input as _service([{"kind": "repository"}], [{"criterion": "Developer guides exist"}])
}

test_a_link_passes if {
	rule.deny == set() with input as _service([{"kind": "logs"}], [])
}

test_a_reasoned_skip_passes if {
	rule.deny == set() with input as _service([], [{"criterion": "Structured logs available in Kibana"}])
}

test_a_foundation_is_not_judged if {
	rule.deny == set() with input as {"spec": {"service": null}}
}

_service(links, skip) := {"spec": {"service": {
	"metadata": {"name": "portal", "links": links},
	"spec": {"maturity": {"skip": skip}},
}}}
