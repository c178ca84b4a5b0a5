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
	some urn, rule in plan.resources_of("gcp:compute/firewall:Firewall")
	_lets_in(rule)
	is_array(rule.inputs.sourceRanges)
	some i, range in rule.inputs.sourceRanges
	not _is_narrow(range)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "sourceRanges", i],
		{"rule": rule.name, "range": _shown(range)},
	)
}

# Without ranges, everybody is meant.
deny contains finding if {
	some urn, rule in plan.resources_of("gcp:compute/firewall:Firewall")
	_lets_in(rule)
	not is_array(rule.inputs.sourceRanges)
	not rule.inputs.sourceTags
	not rule.inputs.sourceServiceAccounts
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "sourceRanges"],
		{"rule": rule.name, "range": "any range"},
	)
}

_lets_in(rule) if {
	rule.inputs.allows
	object.get(rule.inputs, "direction", "INGRESS") == "INGRESS"
}

_is_narrow(range) if {
	is_string(range)
	not endswith(range, "/0")
}

_shown(range) := range if is_string(range)

_shown(range) := "an unknown range" if not is_string(range)
