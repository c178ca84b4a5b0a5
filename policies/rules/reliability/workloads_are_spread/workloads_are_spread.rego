# METADATA
# title: What users wait for runs in several zones
# description: >-
#   A zone can be gone for hours; of copies in three zones, two thirds are left. Outside production two zones
#   are enough to find what only breaks when there is more than one.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} runs in {zones} of the {wanted} zones it needs."
#   remediation: >-
#     Set `replicas.min` of workload {workload} to {wanted} or more, and `replicas.max` not below it; from
#     virtual machines it has to move to `runtime: kubernetes`, and `singleLeader` has to go.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/build-highly-available-systems
#     - https://docs.cloud.google.com/architecture/infra-reliability-guide/design
package rules.reliability.workloads_are_spread

import data.lib.result

deny contains finding if {
	some i, workload in _too_narrow
	workload.runtime == "kubernetes"
	most := _most(workload, input.spec.service.spec.workloads[i].replicas.max)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "replicas", "min"],
		object.union(_params(workload), _fix(most)),
	)
}

# A machine on its own is no_single_machine's.
deny contains finding if {
	some i, workload in _too_narrow
	workload.runtime == "vm"
	workload.minReplicas > 1
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "runtime"],
		_params(workload),
	)
}

_too_narrow[i] := workload if {
	some i, workload in input.spec.design.workloads
	workload.onCriticalPath
	count(workload.zones) < _wanted
}

# More zones than the environment has are its own affair: zones_are_three.
_wanted := min([_enough, count(input.spec.environment.spec.zones)])

_enough := 3 if input.spec.environment.spec.purpose == "production"

_enough := 2 if input.spec.environment.spec.purpose != "production"

_params(workload) := {"workload": workload.name, "zones": count(workload.zones), "wanted": _wanted}

_most(workload, _) := 1 if workload.singleLeader

_most(workload, written) := written if workload.singleLeader == false

default _fix(_) := {}

_fix(most) := {"expected": _wanted} if most == null

_fix(most) := {"expected": _wanted} if most >= _wanted
