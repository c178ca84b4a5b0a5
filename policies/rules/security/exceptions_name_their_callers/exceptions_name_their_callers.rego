# METADATA
# title: Exceptions of the firewall are for somebody
# description: >-
#   An exception without sources lets everybody's attacks pass on its paths. Whom it is needed for is mostly
#   known: a vendor publishes its addresses. Where it isn't, its owner has decided, and everybody may know.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     Exception {exception} lets everybody pass on {paths}, as {owner} has decided.
#   remediation: >-
#     Give exception {exception} the `sources` that need it.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/bypass-policy/
package rules.security.exceptions_name_their_callers

import data.lib.result

deny contains finding if {
	some i, exception in input.spec.service.spec.edge.waf.exceptions
	exception.sources == []
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "waf", "exceptions", i], {
		"exception": exception.name,
		"paths": concat(", ", exception.paths),
		"owner": _owner(exception.owner),
	})
}

_owner(null) := "nobody"

_owner(team) := team if team != null
