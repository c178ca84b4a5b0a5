# METADATA
# title: The cluster's control plane answers only operators
# description: >-
#   Whoever reaches the control plane needs one stolen credential to own every service in the cluster.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "Environment {environment} opens its control plane to {range}, the whole world."
#   remediation: "Replace {range} in `network.operators` of environment {environment} by the operators' own ranges."
#   references:
#     - https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
package rules.security.control_plane_is_narrow

import data.lib.result

deny contains finding if {
	environment := input.spec.environment
	some i, range in environment.spec.network.operators
	endswith(range, "/0")
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "network", "operators", i],
		{"environment": environment.metadata.name, "range": range},
	)
}
