# METADATA
# title: Somebody may enter what is for employees
# description: >-
#   The identity-aware proxy lets nobody through who wasn't granted it. Without a group the service is up,
#   measured and paid for, and answers 403 to every employee.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "{host} is for employees, and no group of them may enter."
#   remediation: >-
#     Name the Google groups as `edge.groups`, or for all services as `employees` of environment {environment}.
#   references:
#     - https://cloud.google.com/iap/docs/managing-access
package rules.security.employees_may_enter

import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	edge.exposure == "employees"
	count(edge.groups) == 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "groups"],
		{"host": edge.host, "environment": input.spec.environment.metadata.name},
	)
}
