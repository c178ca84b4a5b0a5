package rules.security.data_class_is_declared_test

import data.rules.security.data_class_is_declared as rule

test_a_service_that_does_not_say_fails if {
	rule.deny == {{
		"rule": "security/data-class-is-declared",
		"path": ["service", "spec", "dataClass"],
		"params": {"service": "portal"},
		"status": "failed",
	}} with input as _service(null)
}

test_a_declared_class_passes if {
	rule.deny == set() with input as _service("green")
}

_service(class) := {"spec": {"service": {"metadata": {"name": "portal"}, "spec": {"dataClass": class}}}}
