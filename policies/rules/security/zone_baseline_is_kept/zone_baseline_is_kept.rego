# METADATA
# title: An edge does what its zone asks of all
# description: >-
#   The zone of an environment says how strict each firewall is at least, and how much one client may send to a
#   journey at most. A service that does less is the hole that all others are attacked through.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec]
#   message: "{what} is {value}, and the zone of environment {environment} asks for {wanted}."
#   remediation: "{fix}"
#   references:
#     - https://cloud.google.com/armor/docs/rule-tuning
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/
package rules.security.zone_baseline_is_kept

import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	edge.wafProfile == "baseline"
	edge.wafSensitivity > 0 # else another rule says so
	edge.wafSensitivity < edge.baseline.sensitivity
	wanted := concat("", [format_int(edge.baseline.sensitivity, 10), " or more"])
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "waf", "sensitivity"], {
		"what": "`edge.waf.sensitivity`",
		"value": edge.wafSensitivity,
		"environment": input.spec.environment.metadata.name,
		"wanted": wanted,
		"fix": concat(" ", ["Set `edge.waf.sensitivity` to", wanted, "and replay a log first."]),
		"expected": edge.baseline.sensitivity,
	})
}

deny contains finding if {
	edge := input.spec.design.edge
	edge.wafProfile == "baseline"
	some group in edge.wafGroups
	group.isBaseline
	input.spec.service.spec.edge.waf.groups[group.name] != null # else `sensitivity` is to be raised
	group.sensitivity < edge.baseline.sensitivity
	wanted := concat("", [format_int(edge.baseline.sensitivity, 10), " or more"])
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "waf", "groups", group.name], {
		"what": concat("", ["`edge.waf.groups.", group.name, "`"]),
		"value": group.sensitivity,
		"environment": input.spec.environment.metadata.name,
		"wanted": wanted,
		"fix": concat(" ", ["Set it to", wanted, "and replay a log first, or remove it: `sensitivity` holds then."]),
		"expected": edge.baseline.sensitivity,
	})
}

deny contains finding if {
	most := input.spec.design.edge.baseline.limit
	some i, endpoint in input.spec.service.spec.endpoints
	limit := endpoint.rateLimit
	limit.requests * most.perSeconds > most.requests * limit.perSeconds
	wanted := _rate(most)
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "endpoints", i, "rateLimit", "requests"], {
		"what": concat(" ", ["The limit of", endpoint.name]),
		"value": _rate(limit),
		"environment": input.spec.environment.metadata.name,
		"wanted": concat(" ", [wanted, "at most"]),
		"fix": concat(" ", ["Lower the limit of", endpoint.name, "to", wanted, "or remove it: then the zone's holds."]),
	})
}

_rate(limit) := concat(" ", [format_int(limit.requests, 10), "in", format_int(limit.perSeconds, 10), "s"])
