package rules.security.unit_readers_are_narrow_test

import data.rules.security.unit_readers_are_narrow as rule

test_wide_ranges_fail_each_at_its_place if {
	found := rule.deny with input as _read_by(["10.100.0.0/24", "0.0.0.0/0", "10.0.0.0/15"])
	{finding.path[3] | some finding in found} == {1, 2}
}

test_networks_pass if {
	rule.deny == set() with input as _read_by(["10.100.0.0/16", "192.0.2.7/32"])
}

test_nobody_passes if {
	rule.deny == set() with input as _read_by([])
	rule.deny == set() with input as {"spec": {"unit": null}}
}

_read_by(readers) := {"spec": {"unit": {"metadata": {"name": "live"}, "spec": {"readers": readers}}}}
