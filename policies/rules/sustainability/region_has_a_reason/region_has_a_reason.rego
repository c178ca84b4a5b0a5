# METADATA
# title: A region without clean energy has a reason
# description: >-
#   The same work emits many times more in one region than in another. Latency, residency or a vendor next
#   door can be worth it, but that should be somebody's decision.
# custom:
#   level: 4
#   severity: warning
#   stages: [spec]
#   message: "Environment {environment} is in {region}, which is not a low-carbon region, and doesn't say why."
#   remediation: "Write `regionReason` for environment {environment}, or move it to a low-carbon region."
#   references:
#     - https://cloud.google.com/sustainability/region-carbon
#     - https://github.com/GoogleCloudPlatform/region-carbon-info/blob/main/data/yearly/2025.csv
package rules.sustainability.region_has_a_reason

import rego.v2

import data.lib.result

deny contains finding if {
	environment := input.spec.environment
	not environment.spec.region in _low_carbon
	environment.spec.regionReason == null
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "regionReason"],
		{"environment": environment.metadata.name, "region": environment.spec.region},
	)
}

# At least 75 % carbon-free energy, hour by hour, in Google's figures for 2025: its own mark of a low-carbon
# region.
_low_carbon := {
	"europe-central2",
	"europe-north1",
	"europe-north2",
	"europe-southwest1",
	"europe-west1",
	"europe-west12",
	"europe-west2",
	"europe-west4",
	"europe-west6",
	"europe-west8",
	"europe-west9",
	"northamerica-northeast1",
	"northamerica-northeast2",
	"southamerica-east1",
	"southamerica-west1",
	"us-central1",
	"us-central2",
	"us-south1",
	"us-west1",
}
