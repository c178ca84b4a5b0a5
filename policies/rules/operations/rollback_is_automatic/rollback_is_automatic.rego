# METADATA
# title: A bad version of a critical service turns back by itself
# description: >-
#   People need minutes to notice, agree and type; 99.95 % leaves twenty minutes in 28 days. A bad commit in
#   2019 cost CustomersDot 35 minutes.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   declared: {field: spec.rollout, tiers: [critical], proof: operations/versions-are-judged}
#   message: "A bad version of {service} waits for a person to turn it back."
#   remediation: "Set `rollout.rollback: automatic`."
#   references:
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/1224
#     - https://sre.google/workbook/canarying-releases/
package rules.operations.rollback_is_automatic

import data.lib.result

deny contains finding if {
	input.spec.service.spec.tier == "critical"
	input.spec.service.spec.rollout.rollback == "manual"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "rollout", "rollback"],
		{"service": input.spec.service.metadata.name, "expected": "automatic"},
	)
}
