package rules.security.waf_covers_the_baseline_test

import data.rules.security.waf_covers_the_baseline as rule

test_no_signatures_fail_at_the_sensitivity if {
	rule.deny == {_finding(["sensitivity"], {
		"cause": "its sensitivity is 0",
		"expected": 1,
	})} with input as _service("baseline", 0, [])
}

test_an_exception_for_all_paths_fails_whoever_may_use_it if {
	every sources in [[], ["10.0.0.0/8", "0.0.0.0/0"], ["::/0"]] {
		every path in ["/", "/*"] {
			rule.deny == {_finding(
				["exceptions", 0, "paths", 1],
				{"cause": concat(" ", ["its exception all is for everyone and", path])},
			)} with input as _service("baseline", 1, [{"name": "all", "paths": ["/a", path], "sources": sources}])
		}
	}
}

test_an_exception_for_one_source_or_one_path_passes if {
	exceptions := [
		{"name": "office", "paths": ["/*"], "sources": ["10.0.0.0/8"]},
		{"name": "callouts", "paths": ["/callouts/*"], "sources": []},
	]
	rule.deny == set() with input as _service("baseline", 1, exceptions)
}

test_exceptions_that_together_hold_for_every_path_fail if {
	exceptions := [{"name": "one", "paths": ["/a/*"], "sources": []}, {"name": "two", "paths": ["/b"], "sources": []}]
	rule.deny == {_finding(
		["exceptions"],
		{"cause": "its exceptions for everyone together hold for every path that is served"},
	)} with input as _serving(exceptions, ["/a/x", "/b"])
	rule.deny == set() with input as _serving(exceptions, ["/a/x", "/c"])
}

_serving(exceptions, paths) := json.patch(
	_service("baseline", 1, exceptions),
	[{"op": "replace", "path": "/spec/service/spec/endpoints/0/paths", "value": paths}],
)

test_the_sensitivity_of_no_firewall_is_not_judged_here if {
	rule.deny == set() with input as _service("off", 0, [])
}

_finding(at, params) := {
	"rule": "security/waf-covers-the-baseline",
	"path": array.concat(["service", "spec", "edge", "waf"], at),
	"params": object.union({"service": "portal"}, params),
	"status": "failed",
}

_service(profile, sensitivity, exceptions) := {"spec": {"service": {
	"metadata": {"name": "portal"},
	"spec": {
		"edge": {"waf": {"profile": profile, "sensitivity": sensitivity, "exceptions": exceptions}},
		"endpoints": [{"paths": ["/*"]}],
	},
}}}
