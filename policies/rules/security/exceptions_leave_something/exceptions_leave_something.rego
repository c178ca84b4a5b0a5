# METADATA
# title: No exception swallows the firewall
# description: >-
#   An exception that holds for everybody on all paths of a journey takes the core rules away from it. The
#   firewall is on by its file, and examines no request.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec]
#   message: "Exception {exception} lets all requests for {journeys} pass unexamined, though `{waf}` is on."
#   remediation: >-
#     Give exception {exception} the `sources` that need it, or fewer `paths`.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/bypass-policy/
#     - https://cloud.google.com/armor/docs/security-policy-overview#eval-order
package rules.security.exceptions_leave_something

import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	edge.wafProfile != "off"
	some i, exception in edge.wafExceptions
	exception.swallows != []
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "waf", "exceptions", i], {
		"exception": exception.name,
		"journeys": concat(", ", exception.swallows),
		"waf": "spec.edge.waf.profile",
	})
}
