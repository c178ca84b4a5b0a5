package rules.security.connections_are_encrypted_test

import data.rules.security.connections_are_encrypted as rule

test_optional_encryption_fails if {
	rule.deny == {_finding("encryption", "required")} with input as _service("database", "optional", true)
}

test_a_redis_without_authentication_fails if {
	rule.deny == {_finding("authentication", true)} with input as _service("cache", "required", false)
}

test_encryption_and_authentication_pass if {
	rule.deny == set() with input as _service("cache", "required", true)
}

test_a_postgres_always_asks if {
	rule.deny == set() with input as _service("database", "required", false)
}

_finding(field, expected) := {
	"rule": "security/connections-are-encrypted",
	"path": ["service", "spec", "stores", 0, field],
	"params": {"store": "data", "lacks": field, "field": field, "wanted": expected, "expected": expected},
	"status": "failed",
}

_service(family, encryption, authentication) := {"spec": {"service": {"spec": {"stores": [{
	"name": "data",
	"family": family,
	"encryption": encryption,
	"authentication": authentication,
}]}}}}

test_a_database_that_takes_clear_text_fails if {
	every inputs in [{"settings": {"ipConfiguration": {"sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}}}, {}] {
		rule.deny == {_planned(
			["settings", "ipConfiguration", "sslMode"],
			{"lacks": "encryption", "field": "encryption", "wanted": "required"},
			"failed",
		)} with input as _plan("gcp:sql/databaseInstance:DatabaseInstance", inputs)
	}
}

test_a_database_with_either_strict_mode_passes if {
	every mode in ["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"] {
		rule.deny == set() with input as _plan(
			"gcp:sql/databaseInstance:DatabaseInstance",
			{"settings": {"ipConfiguration": {"sslMode": mode}}},
		)
	}
}

test_an_open_cache_fails_twice if {
	rule.deny == {
		_planned(
			["authEnabled"], {
				"lacks": "authentication",
				"field": "authentication",
				"wanted": true,
			},
			"failed",
		),
		_planned(
			["transitEncryptionMode"], {
				"lacks": "encryption",
				"field": "encryption",
				"wanted": "required",
			},
			"undecided",
		),
	} with input as _plan("gcp:redis/instance:Instance", {
		"authEnabled": false,
		"transitEncryptionMode": {"$unknown": []},
	})
}

test_an_open_valkey_fails_twice if {
	count(rule.deny) == 2 with input as _plan("gcp:memorystore/instance:Instance", {"authorizationMode": "AUTH_DISABLED"})
	rule.deny == set() with input as _plan(
		"gcp:memorystore/instance:Instance",
		{"authorizationMode": "IAM_AUTH", "transitEncryptionMode": "SERVER_AUTHENTICATION"},
	)
}

test_a_closed_cache_passes if {
	rule.deny == set() with input as _plan("gcp:redis/instance:Instance", {
		"authEnabled": true,
		"transitEncryptionMode": "SERVER_AUTHENTICATION",
	})
}

_planned(at, params, status) := {
	"rule": "security/connections-are-encrypted",
	"path": array.concat(["plan", "urn:data", "inputs"], at),
	"params": object.union({"store": "portal-data-g1"}, params),
	"status": status,
}

_plan(type, inputs) := {"plan": {"resources": [{
	"urn": "urn:data",
	"type": type,
	"name": "portal-data-g1",
	"inputs": inputs,
}]}}
