# METADATA
# title: The project's quotas suffice for all that is planned
# description: >-
#   What is over a quota is refused in the middle of an update, or years later, when the cluster has to grow.
#   More takes days to be granted, and is refused to young projects.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: >-
#     {environment} needs {needed} of {metric} ({scope}), {first}; {whose} {limit}.
#   remediation: >-
#     Ask for {needed} or more of {metric} at https://console.cloud.google.com/iam-admin/quotas?project={project},
#     and once they are granted, write metric, scope ({scope}) and limit under `quotas` of environment
#     {environment}. `pave preflight foundation.{environment}` asks what is so.
#   references:
#     - https://cloud.google.com/compute/resource-usage
#     - https://cloud.google.com/armor/quotas
#     - https://cloud.google.com/load-balancing/docs/quotas
package rules.operations.quotas_suffice

import data.lib.result

deny contains finding if {
	some quota in input.spec.together.quotas
	quota.stated != null
	quota.needed > quota.limit
	place := ["environment", "spec", "quotas", quota.stated, "limit"]
	finding := result.fail(rego.metadata.chain(), place, _params(quota, "the environment says", quota.limit))
}

# What a project has by default depends on its age and its bill.
deny contains finding if {
	some quota in input.spec.together.quotas
	quota.stated == null
	quota.limit != null # which is less than any number
	quota.needed > quota.limit
	finding := _unknown(quota, concat("", ["nobody says what it has, and a new project was seen to have (", quota.source, ")"]), quota.limit)
}

deny contains finding if {
	some quota in input.spec.together.quotas
	quota.limit == null
	finding := _unknown(quota, "of it a project has", "nobody knows how much")
}

_unknown(quota, whose, limit) := result.undecided(
	rego.metadata.chain(),
	["environment", "spec", "quotas"],
	_params(quota, whose, limit),
)

_params(quota, whose, limit) := {
	"environment": input.spec.environment.metadata.name,
	"project": input.spec.environment.spec.project,
	"metric": quota.metric,
	"scope": quota.scope,
	"needed": quota.needed,
	"first": quota.first,
	"whose": whose,
	"limit": limit,
}
