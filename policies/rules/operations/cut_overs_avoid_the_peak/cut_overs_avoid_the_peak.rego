# METADATA
# title: Nobody moves users at the service's own peak
# description: >-
#   What goes wrong at the peak goes wrong for the most users, and at the least headroom. The hour before counts
#   too: what begins then isn't over by then.
# custom:
#   level: 2
#   severity: error
#   stages: [state]
#   message: "{service} would begin `{phase}`, in which users meet something, on {at} UTC, and that is {peak}."
#   remediation: >-
#     Begin it in a quiet hour: `pave migrate next {service}`.
#   references:
#     - https://sre.google/sre-book/introduction/
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/change-management/
package rules.operations.cut_overs_avoid_the_peak

import rego.v2

import data.lib.result

deny contains finding if {
	input.state.cutOver.peak != ""
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "traffic", "peakHours"], {
		"service": input.spec.service.metadata.name,
		"phase": input.state.cutOver.phase,
		"at": input.state.cutOver.at,
		"peak": input.state.cutOver.peak,
	})
}
