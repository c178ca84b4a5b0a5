# METADATA
# title: No machine is alone on the critical path
# description: >-
#   On 2021-07-12 the only virtual machine of CustomersDot failed, and nobody could buy until it was back.
#   The corrective action was more than one of them.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Machine {machine} in {zone} is alone: while it is down, {workload} is."
#   remediation: "Move the workloads of machine {machine} to `runtime: kubernetes`, which runs copies in three zones."
#   references:
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/5143
#     - https://docs.cloud.google.com/architecture/framework/reliability/build-highly-available-systems
package rules.reliability.no_single_machine

import data.lib.result

deny contains finding if {
	some machine in input.spec.design.machines
	machine.instances == 1
	critical := [i |
		some i, workload in input.spec.design.workloads
		workload.onCriticalPath
		workload.name in machine.workloads
	]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", critical[0], "vm", "instances"],
		{
			"machine": machine.name,
			"zone": machine.zone,
			"workload": input.spec.design.workloads[critical[0]].name,
		},
	)
}
