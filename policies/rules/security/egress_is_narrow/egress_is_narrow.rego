# METADATA
# title: Pods call only whom they need
# description: >-
#   Whoever gets into a pod that may call the whole internet sends the customers' data anywhere. Where only
#   the vendors' hosts are open, there is nowhere to send it.
# custom:
#   level: 2
#   severity: error
#   guards: [data]
#   stages: [plan]
#   message: "The network policy {policy} lets pods call {range}, since nobody has named the hosts of {unnamed}."
#   remediation: "Name the hosts of {unnamed} in the vendor's file, as `hosts`; then nobody else can be called."
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
package rules.security.egress_is_narrow

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some [policy, place, range] in _open
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["plan", policy.urn, "inputs", "spec", "egress"], place),
		{"policy": policy.name, "range": range, "unnamed": _unnamed},
	)
}

_by_range := plan.resources_of("kubernetes:networking.k8s.io/v1:NetworkPolicy")

_by_name := plan.resources_of("kubernetes:networking.gke.io/v1alpha1:FQDNNetworkPolicy")

_open contains [policy, [], "anybody"] if {
	some policy in object.union(_by_range, _by_name)
	plan.is_unknown_at(policy, ["inputs", "spec", "egress"])
}

_open contains [policy, [i, "to"], "anybody"] if {
	some policy in _by_range
	some i, rule in policy.inputs.spec.egress
	_is_anybody(object.get(rule, "to", []))
}

_open contains [policy, [i, "to", j, "ipBlock", "cidr"], _shown(range)] if {
	some policy in _by_range
	some i, rule in policy.inputs.spec.egress
	some j, peer in rule.to
	range := peer.ipBlock.cidr
	not _is_narrow(range)
}

_open contains [policy, place, _shown(unknown)] if {
	some policy in _by_range
	some i, rule in policy.inputs.spec.egress
	some j, _ in rule.to
	some place in [[i, "to", j], [i, "to", j, "ipBlock"]]
	unknown := plan.value(policy, array.concat(["inputs", "spec", "egress"], place))
	plan.is_unknown(unknown)
}

_open contains [policy, [i, "matches", j, "pattern"], _shown(pattern)] if {
	some policy in _by_name
	some i, rule in policy.inputs.spec.egress
	some j, match in rule.matches
	pattern := match.pattern
	not regex.match(`[^.*]+\.[^.*]+$`, pattern)
}

_is_anybody(to) if to == []

_is_anybody(to) if plan.is_unknown(to)

# No private range is larger than 10.0.0.0/8, and half of the internet is no better than all of it.
_is_narrow(range) if to_number(split(range, "/")[1]) >= 8

_shown(it) := it if is_string(it)

_shown(it) := "an unknown range" if plan.is_unknown(it)

_unnamed := concat(", ", input.spec.design.egress.unnamed)
