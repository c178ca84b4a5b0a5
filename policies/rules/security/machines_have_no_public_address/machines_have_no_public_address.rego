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
	some urn, machine in plan.resources_of("gcp:compute/instance:Instance")
	some i, network in machine.inputs.networkInterfaces
	not object.get(network, "accessConfigs", []) == []
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "networkInterfaces", i, "accessConfigs"],
		{"machine": machine.name, "part": input.spec.service.metadata.name},
	)
}
