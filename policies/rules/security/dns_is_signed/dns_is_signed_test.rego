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
