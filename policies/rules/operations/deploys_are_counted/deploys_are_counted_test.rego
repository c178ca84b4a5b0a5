package rules.operations.deploys_are_counted_test

import data.rules.operations.deploys_are_counted as rule

test_no_deploys_and_no_failures_are_said_each if {
	rule.deny == {
		_finding("deploysPerWindow", "it is never deployed"),
		_finding("changeFailurePercent", "no deploy ever fails"),
	} with input as _service(0, 0)
}

test_any_other_figure_passes if {
	rule.deny == set() with input as _service(1, 0.1)
}

_finding(field, claim) := {
	"rule": "operations/deploys-are-counted",
	"path": ["service", "spec", "rollout", field],
	"params": {"service": "portal", "claim": claim},
	"status": "failed",
}

_service(deploys, failures) := {"spec": {"service": {
	"metadata": {"name": "portal"},
	"spec": {"rollout": {"deploysPerWindow": deploys, "changeFailurePercent": failures}},
}}}
