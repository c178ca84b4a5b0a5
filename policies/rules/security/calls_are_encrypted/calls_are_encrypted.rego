# METADATA
# title: Calls over the internet are encrypted
# description: >-
#   What leaves the network in clear text is read and changed by whoever is on the way, passwords with it. A
#   vendor's hosts are called over HTTPS only; of an address, nothing but its owner's word says how.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   declared: {field: spec.dependencies.addresses}
#   message: "{dependency} is called at {addresses} without TLS, over the internet."
#   remediation: >-
#     Have the program call {dependency} with TLS, often at another port, and remove `tls: false`. Where the way
#     there is a private one (a peering, a tunnel), say `private: true`.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://www.rfc-editor.org/rfc/rfc8996
package rules.security.calls_are_encrypted

import data.lib.result

deny contains finding if {
	some i, dependency in input.spec.service.spec.dependencies
	dependency.tls == false
	dependency.private == false
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "dependencies", i, "tls"], {
		"dependency": dependency.name,
		"addresses": concat(", ", dependency.addresses),
		"expected": true,
	})
}
