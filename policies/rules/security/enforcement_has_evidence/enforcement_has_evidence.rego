# METADATA
# title: What refuses requests has evidence
# description: >-
#   A day in a file says that somebody watched; a log says what the rules would have done. A replay of a week's log
#   is evidence for a journey as long as its paths and the rules in front are those that were replayed, all of it
#   is known, and nobody would have been turned away who had been answered.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: "Rules in front of {journeys} refuse requests, and {why}."
#   remediation: >-
#     Replay a week's log with `pave edge replay {service} --log FILE --save replay.json`, keep it with
#     `pave edge evidence {service} replay.json --to catalog/previews/{service}.yaml`, and write
#     `edge.evidence: {service}`.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/managing-limits/
#     - https://cloud.google.com/armor/docs/security-policy-overview#preview_mode
package rules.security.enforcement_has_evidence

import rego.v2

import data.lib.evidence
import data.lib.result

# Only who is a customer says what customers send.
deny contains finding if {
	input.spec.environment.spec.purpose == "production"
	journeys := {journey |
		some policy in input.spec.design.securityPolicies
		_refuses(policy)
		some journey, digest in policy.digests
		not evidence.proven[digest]
	}
	count(journeys) > 0
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "evidence"], {
		"service": input.spec.service.metadata.name,
		"journeys": concat(", ", sort(journeys)),
		"why": _why(input.spec.service.spec.edge.evidence),
	})
}

_refuses(policy) if {
	some rule in policy.rules
	not rule.preview
	_is_asked(rule)
}

_is_asked(rule) if rule.expression != null

_is_asked(rule) if rule.limit != null

_why(null) := "no preview of the catalog is named as the evidence for that"

_why(name) := concat("", [
	"preview ",
	name,
	" is none for that: it is of other rules, of a log that is too short or has no request for them, or",
	" somebody would have been turned away",
]) if {
	name != null
}
