# METADATA
# title: Production is watched by a unit of its own
# description: >-
#   Alerts that are evaluated elsewhere are silent when elsewhere is down. An environment's own unit scrapes,
#   records, alerts and pages by itself, and tells the global stack when there is one.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: "Nothing of its own watches the environment {environment}."
#   remediation: "Describe it in `units/{environment}.yaml` of the catalog (`kind: ObservabilityUnit`)."
#   references:
#     - https://sre.google/sre-book/monitoring-distributed-systems/
#     - https://prometheus.io/docs/practices/alerting/#metamonitoring
package rules.operations.environments_are_watched

import rego.v2

import data.lib.result

deny contains finding if {
	is_null(input.spec.service)
	input.spec.environment.spec.purpose == "production"
	is_null(input.spec.unit)
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "purpose"],
		{"environment": input.spec.environment.metadata.name},
	)
}
