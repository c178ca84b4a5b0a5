package rules.security.exceptions_name_their_callers_test

import data.rules.security.exceptions_name_their_callers as rule

test_an_exception_for_everybody_is_said_with_its_paths_and_who_decided if {
	every owner, said in {"workplace": "workplace", "": "nobody"} {
		written := [one | some one in [owner, null]; one != ""][0]
		rule.deny == {_finding(said)} with input as _service([], written)
	}
}

test_an_exception_for_somebody_passes if {
	rule.deny == set() with input as _service(["198.51.100.0/24"], "workplace")
}

_finding(owner) := {
	"rule": "security/exceptions-name-their-callers",
	"path": ["service", "spec", "edge", "waf", "exceptions", 0],
	"params": {"exception": "callouts", "paths": "/a/*, /b", "owner": owner},
	"status": "failed",
}

_service(sources, owner) := {"spec": {"service": {"spec": {"edge": {"waf": {"exceptions": [{
	"name": "callouts",
	"paths": ["/a/*", "/b"],
	"sources": sources,
	"owner": owner,
}]}}}}}}
