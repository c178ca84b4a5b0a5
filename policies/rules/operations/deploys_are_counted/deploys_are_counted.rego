# METADATA
# title: Deploys count against what is promised
# description: >-
#   Most outages begin with a new version. A service that says it never gets one, or that none ever fails,
#   promises more than it keeps, and looks better on paper than those that tell.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     {service} says that {claim}, so its availability counts no bad deploys.
#   remediation: >-
#     Write in `rollout` how often {service} is deployed in a window, and the percentage of deploys that had
#     to be taken back.
#   references:
#     - https://dora.dev/guides/dora-metrics-four-keys/
package rules.operations.deploys_are_counted

import data.lib.result

deny contains finding if {
	rollout := input.spec.service.spec.rollout
	some field, claim in {
		"deploysPerWindow": "it is never deployed",
		"changeFailurePercent": "no deploy ever fails",
	}
	rollout[field] == 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "rollout", field],
		{"service": input.spec.service.metadata.name, "claim": claim},
	)
}
