# METADATA
# title: Old encryption is refused
# description: >-
#   TLS 1.0 and 1.1 are deprecated, and the compatible profile still offers ciphers that are broken in
#   practice. No browser or GitLab version in support needs either.
# custom:
#   level: 2
#   severity: error
#   guards: [public, data, sign-in, payment]
#   stages: [spec, plan]
#   message: "{host} accepts {accepted}."
#   remediation: "Set `edge.tls.{field}` to {wanted}."
#   references:
#     - https://www.rfc-editor.org/rfc/rfc8996
#     - https://cloud.google.com/load-balancing/docs/ssl-policies-concepts
package rules.security.tls_is_modern

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some [field, accepted, expected] in _old
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "tls", field], {
		"host": _edge.host,
		"field": field,
		"accepted": accepted,
		"wanted": expected,
		"expected": expected,
	})
}

deny contains finding if {
	some urn, policy in plan.resources_of("gcp:compute/sSLPolicy:SSLPolicy")
	some [name, good, field, accepted, wanted] in [
		["minTlsVersion", {"TLS_1_2", "TLS_1_3"}, "minimum", "old TLS", "1.2"],
		["profile", {"MODERN", "RESTRICTED", "FIPS_202205"}, "profile", "weak ciphers", "modern"],
	]
	not policy.inputs[name] in good
	finding := result.fail(rego.metadata.chain(), ["plan", urn, "inputs", name], {
		"host": policy.name,
		"field": field,
		"accepted": accepted,
		"wanted": wanted,
	})
}

_edge := input.spec.design.edge

_old contains ["minimum", concat(" ", ["TLS", _edge.tls.minimum]), "1.2"] if _edge.tls.minimum != "1.2"

_old contains ["profile", "weak ciphers", "modern"] if _edge.tls.profile == "compatible"
