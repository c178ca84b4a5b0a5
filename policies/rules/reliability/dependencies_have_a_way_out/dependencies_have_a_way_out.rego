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
#   remediation: "Give the calls to {dependency} {lacks}, then write {fields} of that dependency."
#   references:
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/8088
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
#     - https://sre.google/sre-book/addressing-cascading-failures/
package rules.reliability.dependencies_have_a_way_out

import data.lib.result
import data.lib.words

deny contains finding if {
	some i, dependency in _dependencies
	missing := [part | some part in _parts(dependency.need); dependency[part.field] == null]
	count(missing) > 0
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "dependencies", i], {
		"dependency": dependency.name,
		"lacks": words.listed([part.name | some part in missing]),
		"fields": words.listed([concat("", ["`", part.field, "`"]) | some part in missing]),
	})
}

deny contains finding if {
	some i, dependency in _dependencies
	dependency.retry.backoffSeconds == 0
	finding := result.fail(rego.metadata.chain(), _path(i, "retry", "backoffSeconds"), {
		"dependency": dependency.name,
		"lacks": "a wait before its retries",
		"fields": "`retry.backoffSeconds`",
		"expected": 0.5,
	})
}

deny contains finding if {
	some i, dependency in _dependencies
	dependency.retry.jitter == false
	finding := result.fail(rego.metadata.chain(), _path(i, "retry", "jitter"), {
		"dependency": dependency.name,
		"lacks": "jitter between its retries",
		"fields": "`retry.jitter`",
		"expected": true,
	})
}

deny contains finding if {
	some i, dependency in _dependencies
	dependency.degraded.exit == "manual"
	finding := result.fail(rego.metadata.chain(), _path(i, "degraded", "exit"), {
		"dependency": dependency.name,
		"lacks": "an automatic way back from its degraded mode",
		"fields": "`degraded.exit`",
		"expected": "automatic",
	})
}

_dependencies := input.spec.service.spec.dependencies

_path(i, block, field) := ["service", "spec", "dependencies", i, block, field]

_always := [
	{"field": "timeoutSeconds", "name": "a timeout"},
	{"field": "retry", "name": "retries"},
	{"field": "circuitBreaker", "name": "a circuit breaker"},
]

_parts("hard") := _always

# What is soft must say how the service goes on without it.
_parts("soft") := array.concat(_always, [{"field": "degraded", "name": "a degraded mode"}])
