package rules.operations.guides_exist_test

import data.rules.operations.guides_exist as rule

test_missing_guides_are_one_finding if {
	rule.deny == {_finding("dashboard, developer-guide, sre-guide")} with input as _service([], [])
	rule.deny == {_finding("dashboard, sre-guide")} with input as _service(["developer-guide"], [])
}

test_guides_and_dashboard_pass if {
	rule.deny == set() with input as _service(["sre-guide", "dashboard", "developer-guide"], [])
}

test_a_reasoned_skip_stands_for_a_link if {
	criteria := {
		"dashboard": "Service health dashboards",
		"developer-guide": "Developer guides exist in developer documentation",
		"sre-guide": "SRE guides exist in runbooks",
	}
	every kind, criterion in criteria {
		others := [other | some other in object.keys(criteria); other != kind]
		rule.deny == set() with input as _service(others, [criterion])
	}
}

test_a_foundation_is_not_judged if {
	rule.deny == set() with input as {"spec": {"service": null}}
}

test_one_missing_guide_fails if {
	rule.deny == {_finding("sre-guide")} with input as _service(["developer-guide", "dashboard"], [])
}

test_a_skip_of_something_else_does_not_count if {
	rule.deny == {_finding("sre-guide")} with input as _service(
		["developer-guide", "dashboard"],
		["Service exists in the dependency graph"],
	)
}

_finding(missing) := {
	"rule": "operations/guides-exist",
	"path": ["service", "metadata", "links"],
	"params": {"service": "portal", "missing": missing},
	"status": "failed",
}

_service(links, skip) := {"spec": {"service": {
	"metadata": {"name": "portal", "links": [{"kind": kind} | some kind in links]},
	"spec": {"maturity": {"skip": [{"criterion": criterion} | some criterion in skip]}},
}}}
