package rules.security.machines_have_no_public_address_test

import data.rules.security.machines_have_no_public_address as rule

test_a_public_machine_fails_at_its_address if {
	rule.deny == {{
		"rule": "security/machines-have-no-public-address",
		"path": ["service", "spec", "workloads", 1, "vm", "publicAddress"],
		"params": {"machine": "vm", "workload": "web", "expected": false},
		"status": "failed",
	}} with input as _service([
		{"name": "jobs", "vm": {"host": "vm", "publicAddress": false}},
		{"name": "web", "vm": {"host": "vm", "publicAddress": true}},
	])
}

test_private_machines_and_containers_pass if {
	rule.deny == set() with input as _service([
		{"name": "jobs", "vm": {"host": "vm", "publicAddress": false}},
		{"name": "web", "vm": null},
	])
}

_service(workloads) := {"spec": {"service": {"spec": {"workloads": workloads}}}}
