package rules.operations.versions_are_judged_test

import rego.v2

import data.rules.operations.versions_are_judged as rule

test_a_guarded_and_gated_rollout_passes if {
	rule.deny == set() with input as _input([_rollout, _template("guard", "result[0] == 1"), _template("gate", "result[0] == 1")])
}

test_copies_that_are_replaced_at_once_fail if {
	rule.deny == {_finding(["inputs", "spec", "strategy"], "all its copies are replaced at once")} with input as _input([_deployment("RollingUpdate")])
	rule.deny == set() with input as _input([_deployment("Recreate")])
}

test_a_rollout_without_an_analysis_fails_twice if {
	bare := json.remove(_rollout, ["inputs/spec/strategy/canary/analysis", "inputs/spec/strategy/canary/steps/2"])
	rule.deny == {_unguarded, _ungated} with input as _input([bare])
}

test_an_analysis_that_is_nowhere_judges_nothing if {
	rule.deny == {_unguarded, _ungated} with input as _input([_rollout])
}

test_a_guard_that_never_fails_is_none if {
	rule.deny == {_unguarded} with input as _input([_rollout, _template("guard", "false"), _template("gate", "false")])
}

test_a_template_of_another_namespace_is_not_meant if {
	elsewhere := json.patch(_template("guard", "x"), [{"op": "replace", "path": "/inputs/metadata/namespace", "value": "other"}])
	rule.deny == {_unguarded} with input as _input([_rollout, elsewhere, _template("gate", "x")])
}

test_each_step_needs_a_gate if {
	steps := [{"setWeight": 5}, {"setWeight": 50}, {"analysis": {"templates": [{"templateName": "web-gate"}]}}]
	hasty := json.patch(_rollout, [{"op": "replace", "path": "/inputs/spec/strategy/canary/steps", "value": steps}])
	rule.deny == {_ungated} with input as _input([hasty, _template("guard", "x"), _template("gate", "x")])
}

test_copies_that_do_not_come_up_are_taken_back if {
	stays := json.remove(_rollout, ["inputs/spec/progressDeadlineAbort"])
	never := json.patch(_rollout, [{"op": "replace", "path": "/inputs/spec/progressDeadlineAbort", "value": false}])
	wanted := {_finding(["inputs", "spec", "progressDeadlineAbort"], "nothing takes it back when its copies don't come up")}
	every other in [stays, never] {
		asked := _input([other, _template("guard", "x"), _template("gate", "x")])
		rule.deny == wanted with input as asked
	}
}

test_what_is_not_known_yet_is_undecided if {
	unknown := json.patch(_rollout, [{"op": "replace", "path": "/inputs/spec/strategy/canary", "value": {"$unknown": []}}])
	{finding.status | some finding in rule.deny} == {"undecided"} with input as _input([unknown])
}

test_who_waits_for_people_or_goes_at_once_is_not_asked if {
	rule.deny == set() with input as _service("critical", "manual", [5, 100], [_deployment("RollingUpdate")])
	rule.deny == set() with input as _service("standard", "automatic", [5, 100], [_deployment("RollingUpdate")])
	rule.deny == set() with input as _service("critical", "automatic", [100], [_deployment("RollingUpdate")])
}

test_a_version_that_has_changed_a_store_for_good_is_only_stopped if {
	asked := _input([_rollout, _template("guard", "false"), _template("gate", "false")])
	changed := json.patch(asked, [{"op": "replace", "path": "/spec/design/workloads/0/rollout/irreversible", "value": ["db"]}])
	rule.deny == set() with input as changed
}

_canary := ["inputs", "spec", "strategy", "canary"]

_unguarded := _finding(
	array.concat(_canary, ["analysis", "templates"]),
	"no analysis fails when it does worse than the old one",
)

_ungated := _finding(array.concat(_canary, ["steps"]), "a step follows on another before it has passed")

_finding(at, why) := {
	"rule": "operations/versions-are-judged",
	"path": array.concat(["plan", "urn:web"], at),
	"params": {"resource": "portal-web", "workload": "web", "environment": "main", "why": why},
	"status": "failed",
}

_rollout := {
	"urn": "urn:web",
	"type": "kubernetes:argoproj.io/v1alpha1:Rollout",
	"name": "portal-web",
	"inputs": {
		"metadata": {"name": "web", "namespace": "portal"},
		"spec": {"progressDeadlineAbort": true, "strategy": {"canary": {
			"analysis": {"templates": [{"templateName": "web-guard"}]},
			"steps": [
				{"setWeight": 5},
				{"pause": {"duration": "900s"}},
				{"analysis": {"templates": [{"templateName": "web-gate"}]}},
			],
		}}},
	},
}

_template(what, fails) := {
	"urn": concat("", ["urn:", what]),
	"type": "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate",
	"name": what,
	"inputs": {
		"metadata": {"name": concat("-", ["web", what]), "namespace": "portal"},
		"spec": {"metrics": [{"successCondition": "result[0] == 0", "failureCondition": fails}]},
	},
}

_deployment(strategy) := {
	"urn": "urn:web",
	"type": "kubernetes:apps/v1:Deployment",
	"name": "portal-web",
	"inputs": {"spec": {"strategy": {"type": strategy}}},
}

_input(resources) := _service("critical", "automatic", [5, 100], resources)

_service(tier, rollback, steps, resources) := {
	"spec": {
		"service": {"spec": {"tier": tier, "rollout": {"rollback": rollback, "steps": steps}}},
		"environment": {"metadata": {"name": "main"}},
		"design": {"workloads": [{"name": "web", "resource": "portal-web", "rollout": {"irreversible": []}}]},
	},
	"plan": {"resources": resources},
}
