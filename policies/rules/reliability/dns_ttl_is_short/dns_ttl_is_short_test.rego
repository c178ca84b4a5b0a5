package rules.reliability.dns_ttl_is_short_test

import data.rules.reliability.dns_ttl_is_short as rule

test_a_long_answer_fails_at_the_environment if {
	rule.deny == {{
		"rule": "reliability/dns-ttl-is-short",
		"path": ["environment", "spec", "dns", "ttlSeconds"],
		"params": {"name": "*.acme.example", "seconds": 301, "environment": "live", "expected": 300},
		"status": "failed",
	}} with input as _input(301, [])
}

test_five_minutes_pass if {
	rule.deny == set() with input as _input(300, [_record("A", 300)])
}

test_a_long_address_record_fails if {
	every type in ["A", "AAAA"] {
		rule.deny == {_planned(301, "failed")} with input as _input(300, [_record(type, 301)])
	}
}

test_a_record_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("unknown", "undecided")} with input as _input(300, [_record("A", {"$unknown": []})])
}

test_a_long_record_of_a_type_that_nobody_knows_yet_is_undecided_there if {
	rule.deny == {object.union(
		_planned(301, "undecided"),
		{"path": ["plan", "urn:record", "inputs", "type"]},
	)} with input as _input(300, [_record({"$unknown": []}, 301)])
}

test_a_short_record_of_any_type_passes if {
	rule.deny == set() with input as _input(300, [_record({"$unknown": []}, 300)])
}

test_a_record_without_ttl_fails if {
	record := json.remove(_record("A", 0), ["inputs/ttl"])
	rule.deny == {_planned("unknown", "failed")} with input as _input(300, [record])
}

test_a_ttl_that_is_no_number_fails if {
	rule.deny == {_planned("unknown", "failed")} with input as _input(300, [_record("A", null)])
}

test_other_records_may_stay if {
	rule.deny == set() with input as _input(300, [_record("CNAME", 86400)])
}

_planned(seconds, status) := {
	"rule": "reliability/dns-ttl-is-short",
	"path": ["plan", "urn:record", "inputs", "ttl"],
	"params": {"name": "portal.acme.example-a", "seconds": seconds, "environment": "live"},
	"status": status,
}

_record(type, ttl) := {
	"urn": "urn:record",
	"type": "gcp:dns/recordSet:RecordSet",
	"name": "portal.acme.example-a",
	"inputs": {"type": type, "ttl": ttl},
}

_input(ttl, resources) := {
	"spec": {"environment": {
		"metadata": {"name": "live"},
		"spec": {"dns": {"domain": "acme.example", "ttlSeconds": ttl}},
	}},
	"plan": {"resources": resources},
}
