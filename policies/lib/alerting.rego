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
# title: All rules of a plan, each as [URN of what it stands in, rule]
# description: |
#   An array, since in WebAssembly a set would compare each of thousands with others.
rules := array.concat(_managed_rules, _collected_rules)

_managed_rules := [[urn, rule] |
	some urn, source in sources
	source.by == "google"
	some group in plan.value(source.resource, source.path)
	some rule in group.rules
]

_collected_rules := [[urn, rule] |
	some urn, source in sources
	source.by == "unit"
	some text in plan.value(source.resource, source.path)
	json.is_valid(text)
	some group in json.unmarshal(text).groups
	some rule in group.rules
]

# METADATA
# title: Whether it isn't known before an update which alerts there are, or what they say of themselves
is_open if count(unsaid) > 0

# METADATA
# title: The URNs of what alerts stand in, or may stand in, of which that isn't known
# description: |
#   It is asked of names and labels. What alerts compute isn't: to walk all of it took most of what a large plan
#   costs.
unsaid contains urn if {
	some urn, source in sources
	plan.is_unknown_at(source.resource, source.path)
}

unsaid contains urn if {
	some urn, source in sources
	some part in plan.value(source.resource, source.path)
	plan.is_unknown(part)
}

unsaid contains urn if {
	some urn, source in sources
	source.by == "google"
	some group in plan.value(source.resource, source.path)
	plan.is_unknown(group.rules)
}

unsaid contains urn if {
	some [urn, rule] in rules
	_may_tell(rule)
}

unsaid contains urn if {
	some urn, map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	plan.is_unknown_at(map, ["inputs", "metadata", "labels", "pave.dev/collect"])
}

_may_tell(rule) if plan.is_unknown(rule)

_may_tell(rule) if plan.is_unknown(rule.alert)

_may_tell(rule) if plan.is_unknown(rule.labels)

_may_tell(rule) if {
	some value in rule.labels
	plan.is_unknown(value)
}

_managed := [
	"kubernetes:monitoring.googleapis.com/v1:Rules",
	"kubernetes:monitoring.googleapis.com/v1:GlobalRules",
]
