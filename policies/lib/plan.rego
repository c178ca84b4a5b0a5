# METADATA
# title: What a rule asks about the recorded plan
# description: |
#   A plan is absent while only specs are checked; everything here is then empty or undefined, and a
#   plan rule costs nothing. A value that is known only after the update is an object with the key
#   `$unknown` (the URNs it depends on).
package lib.plan

import rego.v2

# METADATA
# title: Every resource of the plan by its URN, indexed once per evaluation
by_urn[resource.urn] := resource if some resource in input.plan.resources

_by_type[resource.type][resource.urn] := resource if some resource in input.plan.resources

# METADATA
# title: The resources of one type, by URN
# description: |
#   An empty object where there are none:
#   `some resource in plan.resources_of("gcp:redis/instance:Instance")`.
resources_of(type) := object.get(_by_type, type, {})

# METADATA
# title: The databases of the plan by URN, without their read replicas
# description: |
#   A copy that is only read has no backups and no standby of its own.
databases[urn] := instance if {
	some urn, instance in resources_of("gcp:sql/databaseInstance:DatabaseInstance")
	not is_string(value(instance, ["inputs", "masterInstanceName"]))
}

# METADATA
# title: Where an object of each type that starts pods says what they are, by type
pods_at := {
	"kubernetes:apps/v1:Deployment": ["inputs", "spec", "template", "spec"],
	"kubernetes:apps/v1:StatefulSet": ["inputs", "spec", "template", "spec"],
	"kubernetes:argoproj.io/v1alpha1:Rollout": ["inputs", "spec", "template", "spec"],
	"kubernetes:batch/v1:CronJob": ["inputs", "spec", "jobTemplate", "spec", "template", "spec"],
	"kubernetes:batch/v1:Job": ["inputs", "spec", "template", "spec"],
}

# METADATA
# title: The value at a path below a resource
# description: |
#   Undefined where there is none, so that `not plan.value(resource, path) == "REGIONAL"` holds for a
#   missing value too. Each step is a key or a list index: `["inputs", "settings", "tier"]`.
value(resource, path) := found if {
	found := object.get(resource, path, _nothing)
	found != _nothing
}

# A set can't occur in a JSON document, so it can't be mistaken for a value.
_nothing := {"nothing"}

# METADATA
# title: Whether a value is known only after the update
is_unknown(value) if {
	is_object(value)
	_ = value["$unknown"]
}

# METADATA
# title: Whether the value at a path below a resource, or one above it, is known only after the update
is_unknown_at(resource, path) if {
	some last, _ in path
	is_unknown(value(resource, array.slice(path, 0, last + 1)))
}

# METADATA
# title: Whether a value is one of some, or may turn out to be
may_be(value, wanted) if value in wanted

may_be(value, _) if is_unknown(value)

# METADATA
# title: Where a finding on a resource points to
# description: |
#   To `path` below the resource, where the value judged is. While one of `given`, the other paths that the
#   verdict depends on, is not known, to that one: so the finding is undecided.
place(resource, path, given) := array.concat(["plan", resource.urn], candidates[0]) if {
	unknown := [one | some one in given; is_unknown_at(resource, one)]
	candidates := array.concat(unknown, [path])
}
