package rules.security.hosts_lie_in_our_zone_test

import data.rules.security.hosts_lie_in_our_zone as rule

test_a_host_of_another_zone_is_said_where_it_stands if {
	rule.deny == {_finding(["host"], "login.google.com")} with input as _input("login.google.com", [])
	rule.deny == {_finding(["host"], "evilacme.example")} with input as _input("evilacme.example", [])
	rule.deny == {_finding(["formerHosts", 0], "old.example")} with input as _input("acme.example", ["old.example"])
}

test_hosts_of_our_own_zone_pass if {
	rule.deny == set() with input as _input("portal.acme.example", ["acme.example"])
}

test_what_has_no_host_passes if {
	rule.deny == set() with input as {"spec": {
		"design": {"edge": null},
		"service": {"spec": {"edge": {"formerHosts": []}}},
	}}
}

_finding(at, host) := {
	"rule": "security/hosts-lie-in-our-zone",
	"path": array.concat(["service", "spec", "edge"], at),
	"params": {"host": host, "domain": "acme.example"},
	"status": "failed",
}

_input(host, former) := {"spec": {
	"design": {"edge": {"host": host, "domain": "acme.example"}},
	"service": {"spec": {"edge": {"formerHosts": former}}},
}}
