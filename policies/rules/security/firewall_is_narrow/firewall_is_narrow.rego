# METADATA
# title: The network lets nobody in from everywhere
# description: >-
#   Requests come through the load balancer, whose ranges are known. A rule for the whole world is a way
#   around it, and around the firewall and the limits that stand there.
# custom:
#   level: 1
#   severity: error
#   stages: [plan]
#   message: "The firewall rule {rule} lets in {range}, the whole world."
#   remediation: "Take the public address from the machine, so that only the load balancer reaches it."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://cloud.google.com/load-balancing/docs/firewall-rules
package rules.security.firewall_is_narrow

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some rule in plan.resources_of("gcp:compute/firewall:Firewall")
	_may_let_in(rule)
	is_array(rule.inputs.sourceRanges)
	some i, range in rule.inputs.sourceRanges
	not _is_narrow(range)
	finding := result.fail(
		rego.metadata.chain(),
		plan.place(rule, ["inputs", "sourceRanges", i], _given),
		{"rule": rule.name, "range": _shown(range)},
	)
}

deny contains finding if {
	some rule in plan.resources_of("gcp:compute/firewall:Firewall")
	_may_let_in(rule)
	not _says_whom(rule)
	finding := result.fail(
		rego.metadata.chain(),
		plan.place(rule, ["inputs", "sourceRanges"], array.concat(_given, [["inputs", name] | some name in _sources])),
		{"rule": rule.name, "range": "any range"},
	)
}

_may_let_in(rule) if {
	rule.inputs.allows
	plan.may_be(object.get(rule.inputs, "direction", "INGRESS"), {"INGRESS"})
}

_given := [["inputs", "allows"], ["inputs", "direction"]]

_sources := ["sourceTags", "sourceServiceAccounts"]

# Without ranges and without machines of the network, everybody is meant.
_says_whom(rule) if _is_filled(rule.inputs.sourceRanges)

_says_whom(rule) if {
	not plan.is_unknown(rule.inputs.sourceRanges)
	some name in _sources
	_is_filled(rule.inputs[name])
}

_is_filled(list) if {
	is_array(list)
	count(list) > 0
}

_is_narrow(range) if {
	is_string(range)
	not endswith(range, "/0")
}

_shown(range) := range if is_string(range)

_shown(range) := "an unknown range" if not is_string(range)
