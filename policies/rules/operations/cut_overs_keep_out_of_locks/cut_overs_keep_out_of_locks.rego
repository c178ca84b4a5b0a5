# METADATA
# title: Nobody moves users while changes are locked
# description: >-
#   A phase of a migration in which users are moved, or meet an interruption, may go wrong, and then takes people
#   to mend it: on a weekend, or in days in which the organisation changes nothing, they are not there. A way
#   back is never locked.
# custom:
#   level: 2
#   severity: error
#   stages: [state]
#   message: "{service} would begin `{phase}`, in which users meet something, on {at} UTC, and that is {lock}."
#   remediation: >-
#     Begin it when the lock is over: `pave migrate next {service}`. The organisation's own locks are
#     `changeLocks` of the environment.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/change-management/
package rules.operations.cut_overs_keep_out_of_locks

import rego.v2

import data.lib.result

deny contains finding if {
	some lock in input.state.cutOver.locks
	finding := result.fail(rego.metadata.chain(), ["service", "spec"], {
		"service": input.spec.service.metadata.name,
		"phase": input.state.cutOver.phase,
		"at": input.state.cutOver.at,
		"lock": lock,
	})
}
