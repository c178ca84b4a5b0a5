package rules.security.machines_have_no_public_address_test

import data.rules.security.machines_have_no_public_address as rule

test_a_public_machine_fails_at_its_address if {
	rule.deny == {{
		"rule": "security/machines-have-no-public-address",
		"path": ["service", "spec", "workloads", 1, "vm", "publicAddress"],
		"params": {"machine": "vm", "part": "workload web", "expected": false},
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

test_an_instance_with_an_address_fails if {
	rule.deny == {_planned("failed")} with input as _plan({"accessConfigs": [{"natIp": {"$unknown": []}}]})
}

test_an_instance_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan({"accessConfigs": {"$unknown": []}})
}

test_a_network_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan({"$unknown": []})
}

test_networks_that_nobody_knows_yet_are_undecided if {
	document := json.patch(_plan({}), [{
		"op": "replace",
		"path": "/plan/resources/0/inputs/networkInterfaces",
		"value": {"$unknown": []},
	}])
	rule.deny == {object.union(
		_planned("undecided"),
		{"path": ["plan", "urn:vm", "inputs", "networkInterfaces"]},
	)} with input as document
}

test_an_instance_without_one_passes if {
	every network in [{}, {"accessConfigs": []}] {
		rule.deny == set() with input as _plan(network)
	}
}

_planned(status) := {
	"rule": "security/machines-have-no-public-address",
	"path": ["plan", "urn:vm", "inputs", "networkInterfaces", 0, "accessConfigs"],
	"params": {"machine": "portal-vm-1", "part": "portal"},
	"status": status,
}

_plan(network) := {
	"spec": {"service": {"metadata": {"name": "portal"}, "spec": {"workloads": []}}},
	"plan": {"resources": [{
		"urn": "urn:vm",
		"type": "gcp:compute/instance:Instance",
		"name": "portal-vm-1",
		"inputs": {"networkInterfaces": [network]},
	}]},
}
