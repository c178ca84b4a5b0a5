package rules.reliability.balancer_check_is_shallow_test

import data.rules.reliability.balancer_check_is_shallow as rule

test_a_check_that_asks_for_the_database_fails if {
	rule.deny == {_finding} with input as _input("portal-web", "/ready", ["db"])
}

test_a_check_of_the_copy_alone_passes if {
	rule.deny == set() with input as _input("portal-web", "/alive", ["db"])
}

test_readiness_that_asks_for_nothing_may_be_shared if {
	rule.deny == set() with input as _input("portal-web", "/ready", [])
}

test_another_workload_s_check_is_not_judged_by_it if {
	rule.deny == set() with input as _input("portal-api", "/ready", ["db"])
}

test_all_that_it_tests_is_said if {
	{finding.params.checks | some finding in rule.deny} == {"db, redis"} with input as _input(
		"portal-web", "/ready",
		["db", "redis"],
	)
}

test_a_check_of_which_nobody_knows_whose_it_is_is_undecided if {
	unknown := {"$unknown": []}
	{[finding.status, finding.path[3]] | some finding in rule.deny} == {["undecided", "name"]} with input as _input(
		unknown, "/ready",
		["db"],
	)
	rule.deny == set() with input as _input(unknown, "/alive", ["db"])
}

test_a_check_of_which_nobody_knows_what_it_asks_for_is_undecided if {
	{finding.status | some finding in rule.deny} == {"undecided"} with input as _input(
		"portal-web", {"$unknown": []},
		["db"],
	)
}

_finding := {
	"rule": "reliability/balancer-check-is-shallow",
	"path": ["plan", "urn", "inputs", "httpHealthCheck", "requestPath"],
	"params": {"workload": "web", "path": "/ready", "checks": "db"},
	"status": "failed",
}

_input(name, path, checks) := {
	"plan": {"resources": [{
		"urn": "urn",
		"type": "gcp:compute/healthCheck:HealthCheck",
		"inputs": {"name": name, "httpHealthCheck": {"requestPath": path}},
	}]},
	"spec": {"design": {"workloads": [{
		"name": "web",
		"resource": "portal-web",
		"readiness": {"path": "/ready", "checks": checks},
	}]}},
}
