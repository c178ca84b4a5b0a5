# METADATA
# title: It is said what data a service holds
# description: >-
#   Who may see a service's logs, backups and incidents depends on the most sensitive thing in it. Nobody
#   can decide that who has to guess.
# custom:
#   level: 2
#   severity: error
#   guards: [data]
#   stages: [spec]
#   message: "{service} doesn't say how sensitive its data is."
#   remediation: "Add `dataClass` to `spec`: red, orange, yellow or green."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/meet-regulatory-compliance-and-privacy-needs
package rules.security.data_class_is_declared

import data.lib.result

deny contains finding if {
	input.spec.service.spec.dataClass == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dataClass"],
		{"service": input.spec.service.metadata.name},
	)
}
