# METADATA
# title: Old encryption is refused
# description: >-
#   TLS 1.0 and 1.1 are deprecated, and the compatible profile still offers ciphers that are broken in
#   practice. No browser or GitLab version in support needs either.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{host} accepts {accepted}."
#   remediation: "Set `edge.tls.{field}` to {expected}."
#   references:
#     - https://www.rfc-editor.org/rfc/rfc8996
#     - https://cloud.google.com/load-balancing/docs/ssl-policies-concepts
package rules.security.tls_is_modern

import data.lib.result

deny contains finding if {
	some [field, accepted, expected] in _old
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "tls", field], {
		"host": _edge.host,
		"field": field,
		"accepted": accepted,
		"expected": expected,
	})
}

_edge := input.spec.design.edge

_old contains ["minimum", concat(" ", ["TLS", _edge.tls.minimum]), "1.2"] if _edge.tls.minimum != "1.2"

_old contains ["profile", "weak ciphers", "modern"] if _edge.tls.profile == "compatible"
