# METADATA
# title: Each exception of the firewall changes something
# description: >-
#   An exception or a list that never decides, since its paths are no journey's or a wider one holds whenever it
#   does, is mistaken for the hole that lets somebody through. Whoever ends it, or narrows it, believes the hole closed.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: "Firewall entry {exception} changes nothing: {why}."
#   remediation: "{fix}"
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/bypass-policy/
#     - https://cloud.google.com/armor/docs/security-policy-overview#eval-order
package rules.security.exceptions_change_something

import data.lib.result

deny contains finding if {
	some i, exception in input.spec.design.edge.wafExceptions
	exception.journeys == []
	finding := result.fail(rego.metadata.chain(), _at(i), {
		"exception": exception.name,
		"why": concat(" ", ["no journey has", concat(" or ", exception.paths)]),
		"fix": "Remove it, or write paths that are a journey's.",
	})
}

deny contains finding if {
	some i, exception in input.spec.design.edge.wafExceptions
	exception.journeys != []
	exception.coveredBy != null
	other := concat("", ["spec.edge.waf.exceptions[", exception.coveredBy, "]"])
	finding := result.fail(rego.metadata.chain(), _at(i), {
		"exception": exception.name,
		"why": concat(" ", [other, "holds whenever it does"]),
		"fix": concat(" ", ["Remove it, or give", other, "fewer `paths` or `sources`."]),
	})
}

deny contains finding if {
	some i, exception in input.spec.design.edge.wafExceptions
	exception.refusedBy != null
	other := concat("", ["spec.edge.waf.blocked[", exception.refusedBy, "]"])
	finding := result.fail(rego.metadata.chain(), _at(i), {
		"exception": exception.name,
		"why": concat(" ", [other, "refuses all that it is for, before any exception is asked"]),
		"fix": concat(" ", ["Remove it, or take its `sources` out of", concat("", [other, "."])]),
	})
}

deny contains finding if {
	some i, blocked in input.spec.design.edge.wafBlocked
	blocked.coveredBy != null
	other := concat("", ["spec.edge.waf.blocked[", blocked.coveredBy, "]"])
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "waf", "blocked", i], {
		"exception": blocked.name,
		"why": concat(" ", [other, "has all of its ranges"]),
		"fix": concat(" ", ["Remove it, or give", other, "fewer `sources`."]),
	})
}

deny contains finding if {
	some i, left_out in input.spec.design.edge.wafLeftOut
	left_out.group == null
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "waf", "leftOut", i], {
		"exception": left_out.name,
		"why": "no group of the firewall has this core rule",
		"fix": "Remove it, or write the number that `pave edge replay` names.",
	})
}

_at(i) := ["service", "spec", "edge", "waf", "exceptions", i]
