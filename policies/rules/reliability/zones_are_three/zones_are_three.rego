# METADATA
# title: Production spreads over three zones
# description: >-
#   With two zones, losing one leaves half, so everything has to be there twice. With three it has to be
#   there one and a half times, and a majority is left.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Environment {environment} has {zones} of the 3 zones of {region} that it needs."
#   remediation: "Write three zones of {region} into `zones` of environment {environment}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/build-highly-available-systems
#     - https://cloud.google.com/compute/docs/regions-zones
package rules.reliability.zones_are_three

import data.lib.result

deny contains finding if {
	environment := input.spec.environment
	environment.spec.purpose == "production"
	zones := [zone |
		some zone in environment.spec.zones
		startswith(zone, concat("", [environment.spec.region, "-"]))
	]
	count(zones) < 3
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "zones"],
		{
			"environment": environment.metadata.name,
			"region": environment.spec.region,
			"zones": count(zones),
		},
	)
}
