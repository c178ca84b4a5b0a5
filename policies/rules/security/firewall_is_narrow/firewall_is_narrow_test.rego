package rules.security.firewall_is_narrow_test

import data.rules.security.firewall_is_narrow as rule

test_the_whole_world_fails_at_its_range if {
	every range in ["0.0.0.0/0", "::/0"] {
		rule.deny == {_finding([1], range, "failed")} with input as _allow({"sourceRanges": ["10.0.0.0/8", range]})
	}
}

test_no_range_at_all_is_the_whole_world if {
	every inputs in [{}, {"sourceRanges": []}, {"sourceTags": []}, {"sourceRanges": [], "sourceServiceAccounts": []}] {
		rule.deny == {_finding([], "any range", "failed")} with input as _allow(inputs)
	}
}

test_ranges_that_nobody_knows_yet_are_undecided if {
	rule.deny == {_finding([], "any range", "undecided")} with input as _allow({"sourceRanges": {"$unknown": []}})
	ranges := [{"$unknown": []}]
	rule.deny == {_finding([0], "an unknown range", "undecided")} with input as _allow({"sourceRanges": ranges})
}

test_unknown_ranges_beside_known_tags_are_undecided if {
	rule.deny == {_finding([], "any range", "undecided")} with input as _allow({
		"sourceRanges": {"$unknown": []},
		"sourceTags": ["jobs"],
	})
}

test_tags_and_accounts_that_nobody_knows_yet_are_undecided if {
	every name in ["sourceTags", "sourceServiceAccounts"] {
		rule.deny == {_undecided(name, "any range")} with input as _allow({name: {"$unknown": []}})
	}
}

test_the_whole_world_is_undecided_when_nobody_knows_yet_whether_it_is_let_in if {
	every name in ["allows", "direction"] {
		rule.deny == {_undecided(name, "0.0.0.0/0")} with input as _allow({
			"sourceRanges": ["0.0.0.0/0"],
			name: {"$unknown": []},
		})
		rule.deny == {_undecided(name, "any range")} with input as _allow({name: {"$unknown": []}})
	}
}

test_known_ranges_and_accounts_pass if {
	rule.deny == set() with input as _allow({"sourceRanges": ["35.191.0.0/16"]})
	rule.deny == set() with input as _allow({"sourceTags": ["jobs"]})
	rule.deny == set() with input as _allow({"sourceServiceAccounts": ["jobs@acme.iam.gserviceaccount.com"]})
}

test_a_rule_that_refuses_the_world_passes if {
	rule.deny == set() with input as _plan({"denies": [{"protocol": "all"}], "sourceRanges": ["0.0.0.0/0"]})
}

test_the_way_out_is_not_judged if {
	rule.deny == set() with input as _allow({"direction": "EGRESS"})
}

_finding(at, range, status) := {
	"rule": "security/firewall-is-narrow",
	"path": array.concat(["plan", "urn:firewall", "inputs", "sourceRanges"], at),
	"params": {"rule": "portal-vm", "range": range},
	"status": status,
}

_undecided(name, range) := object.union(
	_finding([], range, "undecided"),
	{"path": ["plan", "urn:firewall", "inputs", name]},
)

_allow(inputs) := _plan(object.union({"allows": [{"protocol": "tcp", "ports": ["443"]}]}, inputs))

_plan(inputs) := {"plan": {"resources": [{
	"urn": "urn:firewall",
	"type": "gcp:compute/firewall:Firewall",
	"name": "portal-vm",
	"inputs": inputs,
}]}}
