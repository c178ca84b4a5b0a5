package rules.security.dns_is_signed_test

import data.rules.security.dns_is_signed as rule

test_an_unsigned_zone_fails if {
	rule.deny == {{
		"rule": "security/dns-is-signed",
		"path": ["environment", "spec", "dns", "dnssec"],
		"params": {"environment": "live", "domain": "acme.example", "expected": true},
		"status": "failed",
	}} with input as _environment(false)
}

test_a_signed_zone_passes if {
	rule.deny == set() with input as _environment(true)
}

_environment(signed) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"dns": {"domain": "acme.example", "dnssec": signed}},
}}}

test_a_public_zone_that_is_not_signed_fails if {
	every inputs in [{"dnssecConfig": {"state": "off"}}, {"visibility": "public"}, {}] {
		rule.deny == {_planned("failed")} with input as _plan(inputs)
	}
}

test_a_zone_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan({"dnssecConfig": {"$unknown": []}})
}

test_an_unsigned_zone_that_may_be_public_is_undecided if {
	rule.deny == {object.union(
		_planned("undecided"),
		{"path": ["plan", "urn:zone", "inputs", "visibility"]},
	)} with input as _plan({"visibility": {"$unknown": []}})
}

test_a_public_zone_that_is_signed_passes if {
	rule.deny == set() with input as _plan({"visibility": "public", "dnssecConfig": {"state": "on"}})
}

test_a_private_zone_needs_no_signature if {
	rule.deny == set() with input as _plan({"visibility": "private"})
}

_planned(status) := {
	"rule": "security/dns-is-signed",
	"path": ["plan", "urn:zone", "inputs", "dnssecConfig", "state"],
	"params": {"environment": "live", "domain": "acme-example"},
	"status": status,
}

_plan(inputs) := object.union(_environment(true), {"plan": {"resources": [{
	"urn": "urn:zone",
	"type": "gcp:dns/managedZone:ManagedZone",
	"name": "acme-example",
	"inputs": inputs,
}]}})
