package rules.security.database_server_is_verified_test

import data.rules.security.database_server_is_verified as rule

test_an_instance_that_takes_any_client_fails if {
	every settings in [{"connectorEnforcement": "NOT_REQUIRED"}, {}] {
		rule.deny == {_finding("failed")} with input as _plan(settings)
	}
}

test_an_instance_that_nobody_knows_yet_is_undecided if {
	every settings in [{"connectorEnforcement": {"$unknown": []}}, {"$unknown": []}] {
		rule.deny == {_finding("undecided")} with input as _plan(settings)
	}
}

test_an_instance_that_takes_connectors_only_passes if {
	rule.deny == set() with input as _plan({"connectorEnforcement": "REQUIRED"})
}

test_an_instance_that_takes_only_who_has_a_certificate_passes_while_nobody_makes_one if {
	settings := {"ipConfiguration": {"sslMode": "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"}}
	rule.deny == set() with input as _plan(settings)
	made := {"urn": "urn:cert", "type": "gcp:sql/sslCert:SslCert", "name": "laptop", "inputs": {}}
	rule.deny == {_finding("failed")} with input as {"plan": {"resources": array.concat(
		[made],
		_plan(settings).plan.resources,
	)}}
}

_finding(status) := {
	"rule": "security/database-server-is-verified",
	"path": ["plan", "urn:db", "inputs", "settings", "connectorEnforcement"],
	"params": {"store": "portal-db-g1"},
	"status": status,
}

_plan(settings) := {"plan": {"resources": [{
	"urn": "urn:db",
	"type": "gcp:sql/databaseInstance:DatabaseInstance",
	"name": "portal-db-g1",
	"inputs": {"settings": settings},
}]}}
