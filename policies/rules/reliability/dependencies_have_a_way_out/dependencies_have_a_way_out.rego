# METADATA
# title: Dependencies have a way out, and back
# description: >-
#   In 2022 Zuora was down for 50 minutes. CustomersDot went into its maintenance mode as designed, but did
#   not leave it when Zuora was back: only a new deploy ended that.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Dependency {dependency} lacks {lacks}."
#   remediation: "Build {lacks} around {dependency}, then write `{field}` of that dependency."
#   references:
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/8088
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
#     - https://sre.google/sre-book/addressing-cascading-failures/
package rules.reliability.dependencies_have_a_way_out

import data.lib.result

deny contains finding if {
	some i, dependency in _dependencies
	some [field, lacks, fix] in _gaps[i]
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service", "spec", "dependencies", i], split(field, ".")),
		object.union({"dependency": dependency.name, "field": field, "lacks": lacks}, fix),
	)
}

_dependencies := input.spec.service.spec.dependencies

_gaps[i] contains ["timeoutSeconds", "a timeout", {}] if {
	some i, dependency in _dependencies
	dependency.timeoutSeconds == null
}

_gaps[i] contains ["retry", "retries", {}] if {
	some i, dependency in _dependencies
	dependency.retry == null
}

_gaps[i] contains ["retry.backoffSeconds", "a wait before its retries", {"expected": 0.5}] if {
	some i, dependency in _dependencies
	dependency.retry.backoffSeconds == 0
}

_gaps[i] contains ["retry.jitter", "jitter between its retries", {"expected": true}] if {
	some i, dependency in _dependencies
	dependency.retry.jitter == false
}

_gaps[i] contains ["circuitBreaker", "a circuit breaker", {}] if {
	some i, dependency in _dependencies
	dependency.circuitBreaker == null
}

_gaps[i] contains ["degraded", "a degraded mode", {}] if {
	some i, dependency in _dependencies
	dependency.need == "soft"
	dependency.degraded == null
}

_gaps[i] contains ["degraded.exit", "an automatic way back from its degraded mode", {"expected": "automatic"}] if {
	some i, dependency in _dependencies
	dependency.degraded.exit == "manual"
}
