# METADATA
# title: Alerts are evaluated, and lead to somebody
# description: >-
#   An alert that nobody evaluates, or that fires where nobody looks, is worse than none: it was believed. Those
#   that the unit of an environment collects lead to its Alertmanagers, those that only Google can evaluate do
#   where the unit lets itself be told, and a policy of Cloud Monitoring tells its channels.
# custom:
#   level: 2
#   severity: warning
#   stages: [plan]
#   message: "{what} of {service} lead to nobody: {why}."
#   remediation: "{fix}"
#   references:
#     - https://cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed
#     - https://sre.google/sre-book/practical-alerting/
package rules.operations.alerts_reach_somebody

import rego.v2

import data.lib.alerting
import data.lib.plan
import data.lib.result

deny contains finding if {
	some urn, source in alerting.sources
	urn in _alerting
	[why, fix] := _lost[source.by]
	finding := _finding(["plan", urn], "Alerts", why, fix)
}

deny contains finding if {
	some policy in plan.resources_of("gcp:monitoring/alertPolicy:AlertPolicy")
	not _tells(plan.value(policy, ["inputs", "notificationChannels"]))
	at := plan.place(policy, ["inputs", "notificationChannels"], [])
	finding := _finding(at, "Alerts", "their policy names no channel", "Write `email` into the file of its team.")
}

deny contains finding if {
	some policy in plan.resources_of("gcp:monitoring/alertPolicy:AlertPolicy")
	plan.value(policy, ["inputs", "enabled"]) == false
	at := plan.place(policy, ["inputs", "enabled"], [])
	finding := _finding(at, "Alerts", "their policy is off", "Switch it on.")
}

deny contains finding if {
	some urn in alerting.unsaid
	not urn in _alerting
	[why, fix] := _lost[object.get(alerting.sources, [urn, "by"], "unit")]
	finding := object.union(_finding(["plan", urn], "Alerts", why, fix), {"status": "undecided"})
}

_alerting contains urn if {
	some [urn, rule] in alerting.rules
	rule.alert
}

_tells(channels) if count(channels) > 0

_unit := input.spec.design.unit

_lost[by] := [why, fix] if {
	is_null(_unit)
	some by in ["google", "unit"]
	why := concat("", ["nothing of its own watches ", input.spec.environment.metadata.name])
	fix := concat("", ["Describe it in `units/", input.spec.environment.metadata.name, ".yaml` of the catalog."])
}

_lost["google"] := [why, fix] if {
	_unit.managed == "none"
	why := concat("", ["the unit of ", _unit.name, " lets nobody else tell it (`managed: none`)"])
	fix := concat("", ["Write `managed: google` into `units/", _unit.name, ".yaml`."])
}

_finding(at, what, why, fix) := result.fail(rego.metadata.chain(), at, {
	"what": what,
	"why": why,
	"fix": fix,
	"service": input.spec.service.metadata.name,
})
