# METADATA
# title: A service is part of the dependency graph
# description: >-
#   A service that depends on nothing, and that nothing depends on, is seldom real: more often nobody has
#   written it down. Then no one knows whom its outage hits.
# custom:
#   level: 1
#   severity: warning
#   stages: [spec]
#   message: "{service} names nothing that it depends on, and nothing names {service}."
#   remediation: >-
#     Add what it calls to `dependencies`, or skip the criterion "{criterion}" under `spec.maturity.skip` with
#     the reason.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/service-maturity-model/
package rules.operations.is_in_the_dependency_graph

import rego.v2

import data.lib.result

deny contains finding if {
	input.spec.service.spec.dependencies == []
	input.spec.catalog.dependents == []
	not _is_skipped
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dependencies"],
		{"service": input.spec.service.metadata.name, "criterion": _criterion},
	)
}

_criterion := "Service exists in the dependency graph"

_is_skipped if {
	some skip in input.spec.service.spec.maturity.skip
	skip.criterion == _criterion
}
