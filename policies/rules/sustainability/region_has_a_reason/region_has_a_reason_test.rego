package rules.sustainability.region_has_a_reason_test

import data.rules.sustainability.region_has_a_reason as rule

test_a_region_on_coal_without_a_reason_fails if {
	rule.deny == {{
		"rule": "sustainability/region-has-a-reason",
		"path": ["environment", "spec", "regionReason"],
		"params": {"environment": "live", "region": "us-east1"},
		"status": "failed",
	}} with input as _environment("us-east1", null)
}

test_a_reason_passes if {
	rule.deny == set() with input as _environment("us-east1", "Next to the billing vendor.")
}

test_a_low_carbon_region_needs_none if {
	low_carbon := [
		"europe-central2", "europe-north1", "europe-north2", "europe-southwest1", "europe-west1",
		"europe-west12", "europe-west2", "europe-west4", "europe-west6", "europe-west8", "europe-west9",
		"northamerica-northeast1", "northamerica-northeast2", "southamerica-east1", "southamerica-west1",
		"us-central1", "us-central2", "us-south1", "us-west1",
	]
	every region in low_carbon {
		rule.deny == set() with input as _environment(region, null)
	}
}

_environment(region, reason) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"region": region, "regionReason": reason},
}}}
