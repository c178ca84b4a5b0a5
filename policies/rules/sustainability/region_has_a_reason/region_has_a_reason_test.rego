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
	rule.deny == set() with input as _environment("us-central1", null)
}

_environment(region, reason) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"region": region, "regionReason": reason},
}}}
