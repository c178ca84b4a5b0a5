# METADATA
# title: A spent error budget leaves no room for risky changes
# description: >-
#   Most outages begin with a change. When all that may be missed is spent, what makes the service reliable
#   comes first: a new image, other copies, other ways for traffic and changes of what keeps data wait until the
#   budget recovers. A rollback never does, nor does work that is for reliability.
# custom:
#   level: 2
#   severity: error
#   stages: [state]
#   message: "{service} would change {what}, and its error budget may not allow it: {said}."
#   remediation: >-
#     Mend first what spends it: `pave budget {service}` names the journey. A rollback passes by itself. For work
#     that is for reliability, say so: `pave up {service} --reliability incident=… --reliability reason=…
#     --reliability person=… --reliability expires=…`.
#   references:
#     - https://handbook.gitlab.com/handbook/engineering/error-budgets/
#     - https://sre.google/workbook/error-budget-policy/
package rules.operations.budget_allows_the_change

import rego.v2

import data.lib.result

deny contains finding if {
	input.state.budget.state == "exhausted"
	some risk in _risks
	finding := result.fail(rego.metadata.chain(), ["service", "spec", risk.field], _params(risk.what))
}

deny contains finding if {
	input.state.budget.state == "unknown"
	some risk in _risks
	finding := result.undecided(rego.metadata.chain(), ["service", "spec", risk.field], _params(risk.what))
}

deny contains finding if {
	input.state.budget.state in {"exhausted", "unknown"}
	input.state.change.purpose != "reliability"
	not input.state.change.isKnown
	what := "something: nobody knows what runs now"
	finding := result.undecided(rego.metadata.chain(), ["service", "spec", "workloads"], _params(what))
}

_risks := [risk |
	input.state.change.purpose == "change"
	some risk in input.state.change.risks
]

_params(what) := {
	"service": input.spec.service.metadata.name,
	"what": what,
	"said": input.state.budget.said,
}
