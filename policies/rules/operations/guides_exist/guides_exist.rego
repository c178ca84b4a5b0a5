# METADATA
# title: On-call finds a guide and a dashboard
# description: >-
#   Whoever is on call for many services has not built most of them. Without a guide and a dashboard the
#   first half hour of an incident goes into finding out what the service is.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "{service} has no link of these kinds: {missing}."
#   remediation: >-
#     Add to `metadata.links` what is missing of {missing}; or skip what doesn't apply under
#     `spec.maturity.skip`, with the reason.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/service-maturity-model/
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/production/prep/
package rules.operations.guides_exist

import rego.v2

import data.lib.result

deny contains finding if {
	missing := {kind | some kind in object.keys(_criteria); not _is_met(kind)}
	count(missing) > 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "metadata", "links"],
		{"service": input.spec.service.metadata.name, "missing": concat(", ", sort(missing))},
	)
}

_criteria := {
	"dashboard": "Service health dashboards",
	"developer-guide": "Developer guides exist in developer documentation",
	"sre-guide": "SRE guides exist in runbooks",
}

_is_met(kind) if {
	some link in input.spec.service.metadata.links
	link.kind == kind
}

_is_met(kind) if {
	some skip in input.spec.service.spec.maturity.skip
	skip.criterion == _criteria[kind]
}
