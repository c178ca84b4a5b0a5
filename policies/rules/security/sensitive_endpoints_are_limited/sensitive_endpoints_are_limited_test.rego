package rules.security.sensitive_endpoints_are_limited_test

import data.rules.security.sensitive_endpoints_are_limited as rule

test_a_sensitive_endpoint_without_limit_fails if {
	rule.deny == {{
		"rule": "security/sensitive-endpoints-are-limited",
		"path": ["service", "spec", "endpoints", 1, "rateLimit"],
		"params": {"endpoint": "sign-in", "sensitive": "login"},
		"status": "failed",
	}} with input as _service([
		{"name": "help", "sensitive": "none", "rateLimit": null},
		{"name": "sign-in", "sensitive": "login", "rateLimit": null},
	])
}

test_a_limit_passes_in_preview_too if {
	rule.deny == set() with input as _service([{
		"name": "sign-in",
		"sensitive": "login",
		"rateLimit": {"requests": 20, "mode": "preview"},
	}])
}

test_what_only_the_cluster_may_call_is_not_limited if {
	rule.deny == set() with input as json.patch(
		_service([{"name": "sign-in", "sensitive": "login", "rateLimit": null}]),
		[{"op": "replace", "path": "/spec/service/spec/edge/exposure", "value": "internal"}],
	)
}

_service(endpoints) := {"spec": {"service": {"spec": {
	"edge": {"exposure": "public"},
	"endpoints": endpoints,
}}}}
