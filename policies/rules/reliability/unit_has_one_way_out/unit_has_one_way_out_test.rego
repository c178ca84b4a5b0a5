package rules.reliability.unit_has_one_way_out_test

import data.rules.reliability.unit_has_one_way_out as rule

test_a_copy_and_what_is_within_pass if {
	_why([_map("prometheus.yaml", _copied), _set([]), _policy([{"podSelector": {}}, _range("10.1.0.0/24")])]) == set()
}

test_series_read_from_there_fail if {
	config := json.marshal({"remote_read": [{"url": "https://metrics.acme.example/read"}]})
	_why([_map("prometheus.yaml", config)]) == {"names the global stack"}
}

test_any_other_file_that_names_it_fails if {
	_why([_map("datasources_unit.yaml", "url: https://metrics.acme.example/select")]) == {"names the global stack"}
}

test_an_argument_that_names_it_fails_where_it_stands if {
	found := rule.deny with input as _input([_set([{"args": ["--query=https://metrics.acme.example"]}])])
	{finding.path | some finding in found} == {[
		"plan", "urn:set", "inputs", "spec", "template", "spec", "containers", 0, "args", 0,
	]}
}

test_who_waits_for_its_token_fails if {
	_why([_holding({"secretName": "global"})]) == {"doesn't start until the global stack has given it a token"}
	_why([_holding({"secretName": "global", "optional": true})]) == set()
	_why([_holding({"secretName": "receivers"})]) == set()
}

test_who_is_no_reader_and_let_in_fails if {
	others := [_range("0.0.0.0/0"), {"namespaceSelector": {}}, {"podSelector": {}, "namespaceSelector": {}}]
	count([peer | some peer in others; count(_why([_policy([peer])])) == 1]) == 3
}

test_certain_pods_beside_it_may_come_in_and_those_of_the_global_stack_may_not if {
	_why([_policy([_beside("gmp-system", {"app": "rule-evaluator"})])]) == set()
	count(_why([_policy([_beside("gmp-system", {})])])) == 1
	count(_why([_policy([_beside("global-observability", {"app": "vmalert"})])])) == 1
}

_beside(namespace, pods) := {
	"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
	"podSelector": {"matchLabels": pods},
}

test_a_policy_that_is_not_known_yet_is_undecided if {
	found := rule.deny with input as _input([_policy([{"$unknown": []}])])
	{finding.status | some finding in found} == {"undecided"}
}

test_without_a_global_stack_there_is_nothing_to_name if {
	alone := object.union(_input([_map("a.yaml", "https://metrics.acme.example")]), _unit(null))
	rule.deny == set() with input as alone
}

test_other_stacks_are_not_judged if {
	foundation := {"plan": {"stack": "foundation.production"}}
	rule.deny == set() with input as object.union(_input([_map("a.yaml", "metrics.acme.example"), _policy([{}])]), foundation)
	judged := object.union(_input([_holding({"secretName": "global"})]), {"spec": {"unit": null}})
	rule.deny == set() with input as judged
}

_why(resources) := {finding.params.why | some finding in found} if {
	found := rule.deny with input as _input(resources)
}

_input(resources) := object.union(_unit({"url": "https://metrics.acme.example/api/v1/write"}), {"plan": {"stack": "unit.production", "resources": resources}})

_unit(global) := {"spec": {"unit": {"spec": {"global": global, "readers": ["10.1.0.0/24"]}}}}

_copied := json.marshal({"remote_write": [{"url": "https://metrics.acme.example/api/v1/write"}]})

_map(file, text) := {
	"urn": "urn:map",
	"type": "kubernetes:core/v1:ConfigMap",
	"name": "production-files",
	"inputs": {"data": {file: text}},
}

_set(containers) := _running({"containers": containers})

_holding(secret) := _running({"containers": [], "volumes": [{"name": "secret", "secret": secret}]})

_running(spec) := {
	"urn": "urn:set",
	"type": "kubernetes:apps/v1:Deployment",
	"name": "production-gateway",
	"inputs": {"spec": {"template": {"spec": spec}}},
}

_policy(from) := {
	"urn": "urn:policy",
	"type": "kubernetes:networking.k8s.io/v1:NetworkPolicy",
	"name": "observability-readers",
	"inputs": {"spec": {"ingress": [{"from": from}]}},
}

_range(cidr) := {"ipBlock": {"cidr": cidr}}
