# METADATA
# title: What is public stands behind a firewall
# description: >-
#   Scanners find a new public address within hours and try the known attacks on it. The core rules refuse
#   those before they reach the application.
# custom:
#   level: 2
#   severity: error
#   stages: [spec, plan]
#   message: "{host} is public without a web application firewall."
#   remediation: "Set `edge.waf.profile: baseline`; it starts in preview and refuses nothing yet."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-preemptive-cyber-defense
#     - https://cloud.google.com/armor/docs/waf-rules
package rules.security.waf_is_on

import rego.v2

import data.lib.plan
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

deny contains finding if {
	some urn, backend in plan.resources_of("gcp:compute/backendService:BackendService")
	not backend.inputs.iap.enabled == true
	not _is_guarded(backend)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "securityPolicy"],
		{"host": backend.name},
	)
}

# A backend names its policy by an address that is known only later; what it depends on says which it is.
_is_guarded(backend) if {
	some urn in backend.options.propertyDependencies.securityPolicy
	policy := plan.resources_of("gcp:compute/securityPolicy:SecurityPolicy")[urn]
	every group in ["sqli", "xss", "lfi", "rce", "protocolattack", "scannerdetection"] {
		some rule in policy.inputs.rules
		contains(rule.match.expr.expression, concat("", ["evaluatePreconfiguredWaf('", group, "-"]))
		startswith(rule.action, "deny")
	}
}
