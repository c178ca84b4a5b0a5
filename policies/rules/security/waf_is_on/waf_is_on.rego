# METADATA
# title: What is public stands behind a firewall
# description: >-
#   Scanners find a new public address within hours and try the known attacks on it. The core rules refuse
#   those before they reach the application.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{host} is public without a web application firewall."
#   remediation: "Set `edge.waf.profile: baseline`; it starts in preview and refuses nothing yet."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-preemptive-cyber-defense
#     - https://cloud.google.com/armor/docs/waf-rules
package rules.security.waf_is_on

import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	edge.exposure == "public"
	edge.wafProfile == "off"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "profile"],
		{"host": edge.host, "expected": "baseline"},
	)
}
