# METADATA
# title: No service needs itself
# description: >-
#   Two services that need each other start in no order: after an outage of both, neither comes back alone.
#   One of them must answer without the other.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{service} needs {dependency}, which needs {service} in turn."
#   remediation: >-
#     Answer without {dependency} and set `need: soft`, here or where the circle comes back; a dependency of a
#     service on itself has to go.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
#     - https://gitlab.com/gitlab-com/runbooks/-/tree/master/metrics-catalog
package rules.reliability.dependencies_are_acyclic

import data.lib.result

deny contains finding if {
	service := input.spec.service.metadata.name
	some i, dependency in input.spec.service.spec.dependencies
	dependency.need == "hard"
	dependency.service != service
	_in_a_circle[dependency.service]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dependencies", i, "need"],
		{"service": service, "dependency": dependency.service, "expected": "soft"},
	)
}

deny contains finding if {
	service := input.spec.service.metadata.name
	some i, dependency in input.spec.service.spec.dependencies
	dependency.service == service
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dependencies", i, "service"],
		{"service": service, "dependency": service},
	)
}

_in_a_circle contains other.name if {
	some other in input.spec.catalog.services
	other.needEachOther
}
