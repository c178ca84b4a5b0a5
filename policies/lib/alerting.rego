# METADATA
# title: What a rule asks about the alerts of a plan
# description: |
#   A plan brings alerts as objects of Google's managed Prometheus, or as files that the unit of its
#   environment collects. Whoever evaluates them reads the same fields.
package lib.alerting

import rego.v2

import data.lib.plan

# METADATA
# title: What the alerts of a plan stand in, by URN
# description: |
#   `by` is who evaluates it, `google` or `unit`; `path` leads to the text or the groups of its rules.
sources[urn] := {"resource": object_, "by": "google", "path": ["inputs", "spec", "groups"]} if {
	some type in _managed
	some urn, object_ in plan.resources_of(type)
}

sources[urn] := {"resource": map, "by": "unit", "path": ["inputs", "data"]} if {
	some urn, map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	plan.value(map, ["inputs", "metadata", "labels", "pave.dev/collect"]) == "rules"
}

# METADATA
# title: All rules of a plan, with the URN of what each stands in
rules contains [urn, rule] if {
	some urn, source in sources
	source.by == "google"
	some group in plan.value(source.resource, source.path)
	some rule in group.rules
}

rules contains [urn, rule] if {
	some urn, source in sources
	some text in plan.value(source.resource, source.path)
	json.is_valid(text)
	some group in json.unmarshal(text).groups
	some rule in group.rules
}

default is_open := false

# METADATA
# title: Whether something of the alerts isn't known before an update
# description: |
#   In JSON no text has that key's quotes. There is a lot of alerts, and a walk would make a path for each value.
is_open if {
	some source in sources
	contains(json.marshal(source.resource.inputs), `"$unknown":`)
}

is_open if {
	some map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	plan.is_unknown_at(map, ["inputs", "metadata", "labels", "pave.dev/collect"])
}

_managed := [
	"kubernetes:monitoring.googleapis.com/v1:Rules",
	"kubernetes:monitoring.googleapis.com/v1:GlobalRules",
]
