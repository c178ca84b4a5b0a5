# METADATA
# title: Browsers stay on HTTPS
# description: >-
#   A browser that was never told so asks for a host over plain HTTP first, and whoever stands between can
#   answer in its place. After one Strict-Transport-Security header it asks over HTTPS only.
# custom:
#   level: 2
#   severity: error
#   guards: [public, data, sign-in, payment]
#   stages: [spec, plan]
#   message: "{backend} answers without a Strict-Transport-Security header of at least half a year."
#   remediation: >-
#     Set `edge.hstsSeconds` to 31536000. Less is for the first days of a host that may still have to go back.
#   references:
#     - https://www.rfc-editor.org/rfc/rfc6797
#     - https://cloud.google.com/load-balancing/docs/https/custom-headers-global
package rules.security.browsers_stay_on_https

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	edge.hstsSeconds < 15768000
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "hstsSeconds"],
		{"backend": edge.host, "expected": 31536000},
	)
}

deny contains finding if {
	some backend in plan.resources_of("gcp:compute/backendService:BackendService")
	plan.may_be(object.get(backend.inputs, "loadBalancingScheme", "EXTERNAL"), {"EXTERNAL", "EXTERNAL_MANAGED"})
	not _is_strict(backend)
	finding := result.fail(
		rego.metadata.chain(),
		plan.place(backend, ["inputs", "customResponseHeaders"], [["inputs", "loadBalancingScheme"]]),
		{"backend": backend.name},
	)
}

_max_age := `^strict-transport-security:\s*(?:[^;]+;\s*)*max-age=(\d+)`

_is_strict(backend) if {
	some header in backend.inputs.customResponseHeaders
	found := regex.find_all_string_submatch_n(_max_age, lower(header), 1)
	to_number(found[0][1]) >= 15768000
}
