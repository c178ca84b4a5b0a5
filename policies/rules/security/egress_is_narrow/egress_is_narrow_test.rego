package rules.security.egress_is_narrow_test

import data.rules.security.egress_is_narrow as rule

test_most_of_the_internet_fails_at_its_range if {
	every range in ["0.0.0.0/0", "::/0", "128.0.0.0/1"] {
		rule.deny == {_finding([0, "to", 1, "ipBlock", "cidr"], range, "failed")} with input as _ranges(["10.0.0.0/8", range])
	}
}

test_a_rule_for_nobody_in_particular_is_for_anybody if {
	every peers in [{}, {"to": []}] {
		rule.deny == {_finding([0, "to"], "anybody", "failed")} with input as _plan(_by_range, {"egress": [peers]})
	}
}

test_what_nobody_knows_yet_is_undecided if {
	unknown := {"$unknown": []}
	rule.deny == {_finding([], "anybody", "undecided")} with input as _plan(_by_range, {"egress": unknown})
	rule.deny == {_finding([], "anybody", "undecided")} with input as _plan(_by_name, unknown)
	rule.deny == {_finding([0, "to"], "anybody", "undecided")} with input as _plan(_by_range, {"egress": [{"to": unknown}]})
	at := [0, "to", 0, "ipBlock", "cidr"]
	rule.deny == {_finding(at, "an unknown range", "undecided")} with input as _ranges([unknown])
	rule.deny == {_finding([0, "to", 0], "an unknown range", "undecided")} with input as _plan(
		_by_range,
		{"egress": [{"to": [unknown]}]},
	)
	block := [0, "to", 0, "ipBlock"]
	rule.deny == {_finding(block, "an unknown range", "undecided")} with input as _plan(
		_by_range,
		{"egress": [{"to": [{"ipBlock": unknown}]}]},
	)
	name := [0, "matches", 0, "pattern"]
	rule.deny == {_finding(name, "an unknown range", "undecided")} with input as _match({"pattern": unknown})
}

test_a_pattern_for_everybody_s_names_fails if {
	every pattern in ["*", "*.com", "*.*", "api.*.com"] {
		at := [0, "matches", 0, "pattern"]
		rule.deny == {_finding(at, pattern, "failed")} with input as _match({"pattern": pattern})
	}
}

test_known_ranges_and_hosts_pass if {
	rule.deny == set() with input as _ranges(["10.0.0.0/8", "169.254.169.254/32"])
	rule.deny == set() with input as _match({"name": "api.vendor.example"})
	rule.deny == set() with input as _match({"pattern": "*.vendor.example"})
}

test_pods_of_the_cluster_and_policies_without_a_way_out_pass if {
	peers := [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
	rule.deny == set() with input as _plan(_by_range, {"egress": [{"to": peers}]})
	rule.deny == set() with input as _plan(_by_range, {"policyTypes": ["Ingress", "Egress"]})
}

_by_range := "kubernetes:networking.k8s.io/v1:NetworkPolicy"

_by_name := "kubernetes:networking.gke.io/v1alpha1:FQDNNetworkPolicy"

_finding(at, range, status) := {
	"rule": "security/egress-is-narrow",
	"path": array.concat(["plan", "urn:policy", "inputs", "spec", "egress"], at),
	"params": {"policy": "portal-outgoing", "range": range, "unnamed": "fax, telex"},
	"status": status,
}

_ranges(ranges) := _plan(_by_range, {"egress": [{"to": [{"ipBlock": {"cidr": range}} | some range in ranges]}]})

_match(match) := _plan(_by_name, {"egress": [{"matches": [match]}]})

_plan(type, spec) := {
	"spec": {"design": {"egress": {"unnamed": ["fax", "telex"]}}},
	"plan": {"resources": [{"urn": "urn:policy", "type": type, "name": "portal-outgoing", "inputs": {"spec": spec}}]},
}
