package rules.security.tenants_are_apart_test

import data.rules.security.tenants_are_apart as rule

test_two_units_with_one_account_fail_both if {
	found := rule.deny with input as {"spec": {"global": {"spec": {"tenants": [
		{"unit": "a", "account": 1},
		{"unit": "b", "account": 1},
		{"unit": "c", "account": 2},
	]}}}}
	{finding.path | some finding in found} == {["global", "spec", "tenants", 0], ["global", "spec", "tenants", 1]}
}

test_units_and_teams_that_are_apart_pass if {
	_why([_unit("a", {}), _unit("b", {"targetRefs": [_insert(2)]}), _team({}), _door({})]) == set()
}

test_two_users_that_write_into_one_account_fail if {
	_why([_unit("a", {}), _unit("b", {})]) == {"writes where another user writes"}
}

test_who_comes_in_without_a_credential_fails if {
	open := [
		{"tokenRef": null},
		{"password": "x"},
		{"bearerToken": "x"},
		{"generatePassword": true},
		{"jwt": {"skipVerify": true}},
	]
	every changed in open {
		_why([_unit("a", changed)]) & {"comes in without a credential that only it has"} != set()
	}
}

test_a_token_that_proves_too_little_fails if {
	weak := [
		{"oidc": {"issuer": "https://login.example"}, "matchClaims": {}},
		{"oidc": {"issuer": "https://login.example"}, "matchClaims": {"groups": "team"}},
		{"oidc": {"issuer": "https://login.example"}, "matchClaims": {"groups": "^.*$"}},
		{"oidc": {"issuer": "https://login.example"}, "matchClaims": {"groups": "^a$"}, "skipVerify": true},
		{"publicKeys": ["x"], "matchClaims": {"groups": "^a$"}},
	]
	every jwt in weak {
		_why([_team({"jwt": jwt})]) == {"comes in without a credential that only it has"}
	}
}

test_who_reads_without_a_filter_or_more_than_queries_fails if {
	wide := [
		{"query_args": []},
		{"query_args": [{"name": "extra_filters[]", "values": ["{a=\"b\"}"]}]},
		{"query_args": [{"name": "extra_filters[]", "values": []}, {"name": "extra_filters", "values": []}]},
		{"paths": ["/unit/a/api/v1/.*"]},
		{"crd": {"kind": "VMCluster/vminsert"}},
	]
	every changed in wide {
		_why([_team({"targetRefs": [_with(_select, changed)]})]) == {"reads without a filter, or more than queries"}
	}
}

test_a_door_that_is_open_to_strangers_or_without_tls_fails if {
	_why([_door({"unauthorizedUserAccessSpec": {"url_prefix": ["http://a"]}})]) == {"lets in who doesn't say who that is"}
	_why([_door({"unauthorizedAccessConfig": [{}]})]) == {"lets in who doesn't say who that is"}
	_why([_door({"internalListenPort": null})]) == {"shows everybody its own metrics and settings"}
	_why([_door({"extraArgs": {"tls": "false"}})]) == {"takes credentials without TLS"}
}

test_what_is_not_known_yet_is_undecided if {
	found := rule.deny with input as _plan([_door({"extraArgs": {"$unknown": []}})])
	{finding.status | some finding in found} == {"undecided"}
}

_why(resources) := {finding.params.why | some finding in found} if {
	found := rule.deny with input as _plan(resources)
}

_plan(resources) := {"plan": {"resources": resources}}

_unit(name, changed) := _made("VMUser", name, _with(
	{"tokenRef": {"name": "tenants", "key": name}, "targetRefs": [_insert(1)]},
	changed,
))

_team(changed) := _made("VMUser", "team", _with(
	{
		"jwt": {"oidc": {"issuer": "https://login.example"}, "matchClaims": {"groups": "^a$"}},
		"targetRefs": [_select],
	},
	changed,
))

_door(changed) := _made("VMAuth", "door", _with({"extraArgs": {"tls": "true"}, "internalListenPort": "8426"}, changed))

_with(whole, changed) := {field: object.get(changed, field, object.get(whole, field, null)) |
	some field in (object.keys(whole) | object.keys(changed))
}

_insert(account) := {
	"crd": {"kind": "VMCluster/vminsert"},
	"paths": ["/api/v1/write"],
	"target_path_suffix": sprintf("/insert/%d/prometheus", [account]),
}

_select := {
	"crd": {"kind": "VMCluster/vmselect"},
	"paths": ["/unit/a/api/v1/(query|query_range|series|labels|label/[^/]+/values)"],
	"target_path_suffix": "/select/1/prometheus",
	"query_args": [
		{"name": "extra_filters[]", "values": ["{service=~\"a\"}"]},
		{"name": "extra_filters", "values": ["{service=~\"a\"}"]},
	],
}

_made(kind, name, spec) := {
	"urn": concat(":", ["urn", name]),
	"type": concat(":", ["kubernetes:operator.victoriametrics.com/v1beta1", kind]),
	"name": name,
	"inputs": {"spec": spec},
}
