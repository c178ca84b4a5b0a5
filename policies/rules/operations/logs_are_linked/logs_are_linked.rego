# METADATA
# title: Logs are one click away
# description: >-
#   At three in the morning nobody remembers in which project and under which label a service logs. The
#   first of the maturity model's criteria is a link.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "{service} has no link to its logs."
#   remediation: >-
#     Add a link of `kind: logs` to `metadata.links`, or skip the criterion "{criterion}" under
#     `spec.maturity.skip` with the reason.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/service-maturity-model/
package rules.operations.logs_are_linked

import rego.v2

import data.lib.result

deny contains finding if {
	not _has_link
	not _is_skipped
	finding := result.fail(
		rego.metadata.chain(),
		["service", "metadata", "links"],
		{"service": input.spec.service.metadata.name, "criterion": _criterion},
	)
}

_criterion := "Structured logs available in Kibana"

_has_link if {
	some link in input.spec.service.metadata.links
	link.kind == "logs"
}

_is_skipped if {
	some skip in input.spec.service.spec.maturity.skip
	skip.criterion == _criterion
}
