package rules.security.chain_of_trust_is_complete_test

import data.rules.security.chain_of_trust_is_complete as rule

test_a_zone_that_nobody_is_said_to_lead_to_fails if {
	rule.deny == {_finding([])} with input as _environment(true, null)
}

test_a_delegation_without_a_ds_record_fails if {
	rule.deny == {_finding(["ds"])} with input as _environment(true, {"nameServers": ["a.example"], "ds": []})
}

test_a_delegation_with_one_passes if {
	delegation := {"nameServers": ["a.example"], "ds": ["2371 8 2 E788"]}
	rule.deny == set() with input as _environment(true, delegation)
}

test_an_unsigned_zone_is_the_business_of_another_rule if {
	rule.deny == set() with input as _environment(false, null)
}

_finding(path) := {
	"rule": "security/chain-of-trust-is-complete",
	"path": array.concat(["environment", "spec", "dns", "delegation"], path),
	"params": {"environment": "live", "domain": "acme.example"},
	"status": "failed",
}

_environment(signed, delegation) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"dns": {"domain": "acme.example", "dnssec": signed, "delegation": delegation}},
}}}
