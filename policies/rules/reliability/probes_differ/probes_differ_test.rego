package rules.reliability.probes_differ_test

import data.rules.reliability.probes_differ as rule

test_one_path_for_both_fails_at_liveness if {
	rule.deny == {_finding("/health", {"expected": "/-/liveness"})} with input as _service("web", "/health", "/health")
}

test_the_usual_liveness_path_is_no_fix_where_readiness_has_taken_it if {
	rule.deny == {_finding("/-/liveness", {})} with input as _service("worker", "/-/liveness", "/-/liveness")
}

test_two_paths_pass if {
	rule.deny == set() with input as _service("web", "/-/readiness", "/-/liveness")
}

test_what_is_not_asked_for_a_path_passes if {
	every probe in ["readiness", "liveness"] {
		document := json.patch(_service("web", "/health", "/health"), [{
			"op": "replace",
			"path": sprintf("/spec/service/spec/workloads/0/%s/by", [probe]),
			"value": "tcp",
		}])
		rule.deny == set() with input as document
	}
}

test_a_schedule_has_no_probes if {
	rule.deny == set() with input as _service("cron", "/health", "/health")
}

_finding(path, fix) := {
	"rule": "reliability/probes-differ",
	"path": ["service", "spec", "workloads", 0, "liveness", "path"],
	"params": object.union({"workload": "app", "path": path}, fix),
	"status": "failed",
}

_service(kind, readiness, liveness) := {"spec": {"service": {"spec": {"workloads": [{
	"name": "app",
	"kind": kind,
	"readiness": {"by": _by(kind), "path": readiness},
	"liveness": {"by": _by(kind), "path": liveness},
}]}}}}

_by("cron") := "none"

_by(kind) := "http" if kind != "cron"
