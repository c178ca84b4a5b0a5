# METADATA
# title: Machines have no address on the internet
# description: >-
#   A machine with an address of its own is reached past the load balancer, the firewall and the limits.
#   People reach it over the identity-aware proxy, requests over the front door.
# custom:
#   level: 1
#   severity: error
#   stages: [spec, plan]
#   message: "Machine {machine}, of {part}, has an address on the internet."
#   remediation: "Set `vm.publicAddress: false` for {part}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://cloud.google.com/iap/docs/using-tcp-forwarding
package rules.security.machines_have_no_public_address

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.vm.publicAddress
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "vm", "publicAddress"],
		{"machine": workload.vm.host, "part": concat(" ", ["workload", workload.name]), "expected": false},
	)
}

deny contains finding if {
	some machine in plan.resources_of("gcp:compute/instance:Instance")
	some i, network in _networks(machine)
	not _is_private(network)
	finding := result.fail(
		rego.metadata.chain(),
		plan.place(machine, ["inputs", "networkInterfaces", i, "accessConfigs"], [["inputs", "networkInterfaces"]]),
		{"machine": machine.name, "part": input.spec.service.metadata.name},
	)
}

_networks(machine) := machine.inputs.networkInterfaces if is_array(machine.inputs.networkInterfaces)

_networks(machine) := [machine.inputs.networkInterfaces] if plan.is_unknown(machine.inputs.networkInterfaces)

_is_private(network) if {
	not plan.is_unknown(network)
	object.get(network, "accessConfigs", []) == []
}
