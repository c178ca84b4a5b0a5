# METADATA
# title: DNS answers are signed
# description: >-
#   Without a signature, whoever stands between a customer and its resolver decides where customers pay.
# custom:
#   level: 2
#   severity: error
#   stages: [spec, plan]
#   message: "The zone {domain} of environment {environment} is not signed."
#   remediation: "Set `dns.dnssec: true` for environment {environment}."
#   references:
#     - https://cloud.google.com/dns/docs/dnssec
#     - https://docs.cloud.google.com/architecture/framework/security/implement-security-by-design
package rules.security.dns_is_signed

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	environment := input.spec.environment
	not environment.spec.dns.dnssec
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "dns", "dnssec"],
		{
			"environment": environment.metadata.name,
			"domain": environment.spec.dns.domain,
			"expected": true,
		},
	)
}

deny contains finding if {
	some zone in plan.resources_of("gcp:dns/managedZone:ManagedZone")
	plan.may_be(object.get(zone.inputs, "visibility", "public"), {"public"})
	not zone.inputs.dnssecConfig.state == "on"
	finding := result.fail(
		rego.metadata.chain(),
		plan.place(zone, ["inputs", "dnssecConfig", "state"], [["inputs", "visibility"]]),
		{"environment": input.spec.environment.metadata.name, "domain": zone.name},
	)
}
