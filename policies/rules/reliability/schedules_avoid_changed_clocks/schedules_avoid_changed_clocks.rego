# METADATA
# title: A schedule isn't in an hour that clocks skip or repeat
# description: >-
#   Where clocks are put forward, an hour of the night doesn't exist, and a run at that time never comes; where
#   they are put back, it comes twice. For a run that bills both are somebody's money.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} runs at `{schedule}` in {zone}, where clocks skip that hour or have it twice."
#   remediation: >-
#     Write the `schedule` of workload {workload} for another hour, or in `timeZone: Etc/UTC`, which has every
#     hour once.
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones
#     - https://www.iana.org/time-zones
package rules.reliability.schedules_avoid_changed_clocks

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.design.workloads
	workload.meetsChangedClocks
	workload.runtime == "kubernetes" # what runs today is judged once it moves
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "schedule"],
		{"workload": workload.name, "schedule": workload.schedule, "zone": workload.timeZone},
	)
}
