package rules.security.armor_tier_allows_it_test

import data.rules.security.armor_tier_allows_it as rule

test_a_list_that_the_standard_tier_has_not_fails if {
	rule.deny == {_finding("threatLists")} with input as _input("standard", ["tor-exit-nodes"], false)
}

test_rules_that_deploy_themselves_fail_too if {
	rule.deny == {_finding("autoDeploy")} with input as _input("standard", [], true)
}

test_an_enrolled_project_passes if {
	rule.deny == set() with input as _input("enterprise", ["tor-exit-nodes"], true)
}

test_who_asks_for_neither_passes if {
	rule.deny == set() with input as _input("standard", [], false)
}

test_a_service_without_a_front_door_passes if {
	rule.deny == set() with input as {"spec": {"design": {"edge": null}}}
}

_finding(field) := {
	"rule": "security/armor-tier-allows-it",
	"path": ["service", "spec", "edge", "waf", field],
	"params": {"field": concat("", ["edge.waf.", field]), "environment": "live", "tier": "standard"},
	"status": "failed",
}

_input(tier, lists, auto) := {"spec": {
	"environment": {"metadata": {"name": "live"}},
	"design": {"edge": {"armorTier": tier, "wafThreatLists": lists, "wafAutoDeploy": auto}},
}}
