# METADATA
# title: A unit only writes to the global stack, and starts without it
# description: >-
#   Whatever else of a unit names the global stack, waits for its token, or lets in who isn't a reader, makes the
#   one depend on the other: an outage there would be one here, and a break-in too.
# custom:
#   level: 2
#   severity: error
#   stages: [plan]
#   message: "{what} of the unit {why}."
#   remediation: "Leave two ways to the global stack: remote_write of Prometheus, and the job that catches it up."
#   references:
#     - https://prometheus.io/docs/practices/remote_write/
#     - https://sre.google/sre-book/addressing-cascading-failures/
package rules.reliability.unit_has_one_way_out

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	some file, text in map.inputs.data
	contains(_without_copy(file, text), _host)
	finding := _finding(map, ["inputs", "data", file], file, "names the global stack")
}

deny contains finding if {
	some set in _running
	some at in _named(set.inputs.spec)
	finding := _finding(set, array.concat(["inputs", "spec"], at), set.name, "names the global stack")
}

deny contains finding if {
	some set in _running
	some i, volume in set.inputs.spec.template.spec.volumes
	volume.secret.secretName == "global"
	not volume.secret.optional == true
	at := ["inputs", "spec", "template", "spec", "volumes", i, "secret"]
	finding := _finding(set, at, set.name, "doesn't start until the global stack has given it a token")
}

deny contains finding if {
	_spec != null
	some policy in plan.resources_of("kubernetes:networking.k8s.io/v1:NetworkPolicy")
	some i, rule in policy.inputs.spec.ingress
	some j, peer in rule.from
	not _reads(peer)
	at := ["inputs", "spec", "ingress", i, "from", j]
	finding := _finding(policy, at, policy.name, "lets in who is neither within it nor a reader")
}

# Of what isn't known yet, nobody can say.
deny contains finding if {
	_spec != null
	some kind in {"core/v1:ConfigMap", "apps/v1:Deployment", "apps/v1:StatefulSet", "networking.k8s.io/v1:NetworkPolicy"}
	some resource in plan.resources_of(concat(":", ["kubernetes", kind]))
	walk(resource.inputs, [at, value])
	plan.is_unknown(value)
	finding := _finding(resource, array.concat(["inputs"], at), resource.name, "isn't known yet")
}

_spec := input.spec.unit.spec if startswith(input.plan.stack, "unit.")

_host := regex.find_all_string_submatch_n(`^[a-z]+://([^/:?#]+)`, _spec.global.url, 1)[0][1]

_without_copy("prometheus.yaml", text) := json.marshal(json.remove(json.unmarshal(text), ["remote_write"]))

_without_copy(file, text) := text if file != "prometheus.yaml"

_running contains set if {
	some kind in {"Deployment", "StatefulSet", "DaemonSet"}
	some set in plan.resources_of(concat(":", ["kubernetes:apps/v1", kind]))
	_spec != null
}

_named(spec) := {at |
	walk(spec, [at, text])
	is_string(text)
	contains(text, _host)
}

_reads(peer) if peer.ipBlock.cidr in _spec.readers

_reads(peer) if object.keys(peer) == {"podSelector"}

# Certain pods of a namespace beside it: who evaluates there what the unit can't see.
_reads(peer) if {
	namespace := peer.namespaceSelector.matchLabels["kubernetes.io/metadata.name"]
	namespace != "global-observability"
	count(peer.podSelector.matchLabels) > 0
}

_finding(resource, at, what, why) := result.fail(
	rego.metadata.chain(),
	plan.place(resource, at, []),
	{"what": what, "why": why},
)
