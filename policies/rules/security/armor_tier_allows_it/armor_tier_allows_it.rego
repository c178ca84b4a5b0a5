# METADATA
# title: Cloud Armor is of the tier that the firewall needs
# description: >-
#   Google's lists of addresses, and rules that adaptive protection deploys by itself, are of Cloud Armor
#   Enterprise. In a project of the standard tier Google refuses the rule in the middle of an update, or takes it
#   and matches nothing.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "`{field}` needs Cloud Armor Enterprise, and environment {environment} says that its project has {tier}."
#   remediation: >-
#     Remove `{field}`, or enrol the project
#     (`gcloud compute project-info update --cloud-armor-tier CA_ENTERPRISE_PAYGO`) and write
#     `cloudArmorTier: enterprise` into environment {environment}.
#   references:
#     - https://cloud.google.com/armor/docs/armor-enterprise-overview
#     - https://cloud.google.com/armor/docs/threat-intelligence
package rules.security.armor_tier_allows_it

import rego.v2

import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	edge.armorTier != "enterprise"
	some field in _asked(edge)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", field],
		{
			"field": concat("", ["edge.waf.", field]),
			"environment": input.spec.environment.metadata.name,
			"tier": edge.armorTier,
		},
	)
}

_asked(edge) := {"threatLists" | edge.wafThreatLists != []} | {"autoDeploy" | edge.wafAutoDeploy}
