# METADATA
# title: Nobody moves users with a spent error budget
# description: >-
#   A phase of a migration in which users are moved, or meet an interruption, costs minutes of the error budget by
#   its plan. With none left the promise is broken by it, whatever it is good for: that it is for reliability
#   lets it pass no more than any other reason. A way back passes always.
# custom:
#   level: 2
#   severity: error
#   stages: [state]
#   message: "{service} would begin `{phase}`, in which users meet something, and its error budget may not allow it: {said}."
#   remediation: >-
#     Wait until the budget has recovered, and mend first what spends it: `pave budget {service}` names the journey.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/error-budgets/
#     - https://sre.google/workbook/error-budget-policy/
package rules.operations.cut_overs_leave_a_budget

import rego.v2

import data.lib.result

deny contains finding if {
	input.state.budget.state == "exhausted"
	some moves in [input.state.cutOver]
	finding := result.fail(rego.metadata.chain(), ["service", "spec"], _params(moves))
}

deny contains finding if {
	input.state.budget.state == "unknown"
	some moves in [input.state.cutOver]
	finding := result.undecided(rego.metadata.chain(), ["service", "spec"], _params(moves))
}

_params(moves) := {
	"service": input.spec.service.metadata.name,
	"phase": moves.phase,
	"said": input.state.budget.said,
}
