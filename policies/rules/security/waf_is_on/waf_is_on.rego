# METADATA
# title: What is public stands behind a firewall
# description: >-
#   Scanners try the known attacks on every public address, all day. The core rules refuse those before they
#   reach the application.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec, plan]
#   message: "{host} is public without a web application firewall."
#   remediation: >-
#     Set `edge.waf.profile: baseline`, which only logs at first; a machine that answers at an address of its
#     own has to lose it (`vm.publicAddress: false`), so that requests come through the load balancer.
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

# Nothing stands in front of a machine that the name itself leads to.
deny contains finding if {
	edge := input.spec.design.edge
	edge.entrance == "machine"
	edge.proxy == "none"
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge"], {"host": edge.host})
}

deny contains finding if {
	some urn, backend in _public_backends
	count(_policies(backend)) == 0
	not _is_the_foundations(backend)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "securityPolicy"],
		{"host": backend.name},
	)
}

deny contains finding if {
	some backend in _public_backends
	some urn, policy in _policies(backend)
	some group in ["sqli", "xss", "lfi", "rce", "protocolattack", "scannerdetection"]
	not _refuses(policy, group)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "rules"],
		{"host": backend.name},
	)
}

# What employees use is behind the identity-aware proxy.
_public_backends[urn] := backend if {
	some urn, backend in plan.resources_of("gcp:compute/backendService:BackendService")
	not backend.inputs.iap.enabled == true
}

# A backend names its policy by an address that is known only later; what that depends on is known now.
_policies(backend) := {urn: policy |
	some urn in object.get(backend, ["options", "propertyDependencies", "securityPolicy"], [])
	policy := plan.resources_of("gcp:compute/securityPolicy:SecurityPolicy")[urn]
}

# What the foundation makes for all who ask for nothing else has an address that is known.
_is_the_foundations(backend) if {
	some policy in input.spec.design.edge.baseline.policies
	backend.inputs.securityPolicy == policy.address
}

_refuses(policy, group) if {
	some rule in policy.inputs.rules
	startswith(rule.action, "deny")
	contains(rule.match.expr.expression, concat("", ["evaluatePreconfiguredWaf('", group, "-"]))
}
