# METADATA
# title: Machines have no address on the internet
# description: >-
#   A machine with an address of its own is reached past the load balancer, the firewall and the limits.
#   People reach it over the identity-aware proxy, requests over the front door.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Machine {machine} of workload {workload} has an address on the internet."
#   remediation: "Set `vm.publicAddress: false` on workload {workload}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://cloud.google.com/iap/docs/using-tcp-forwarding
package rules.security.machines_have_no_public_address

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.vm.publicAddress
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "vm", "publicAddress"],
		{"machine": workload.vm.host, "workload": workload.name, "expected": false},
	)
}
