package rules.operations.guests_keep_to_their_paths_test

import data.rules.operations.guests_keep_to_their_paths as rule

test_a_guest_within_a_journeys_paths_fails_at_its_name if {
	rule.deny == {{
		"rule": "operations/guests-keep-to-their-paths",
		"path": ["service", "spec", "edge", "guests", 1],
		"params": {"guest": "search", "journey": "find", "journeys": "shop", "paths": "/shop/search/*"},
		"status": "failed",
	}} with input as _input(["shop"])
}

test_a_guest_with_paths_of_its_own_passes if {
	rule.deny == set() with input as _input([])
}

test_a_service_without_a_front_door_passes if {
	rule.deny == set() with input as {"spec": {
		"service": {"spec": {"edge": {"guests": []}}},
		"design": {"edge": null},
	}}
}

_input(takes) := {"spec": {
	"service": {"spec": {"edge": {"guests": ["cart", "search"]}}},
	"design": {"edge": {"guests": [{
		"name": "search-find",
		"service": "search",
		"paths": ["/shop/search/*"],
		"takes": takes,
	}]}},
}}
