# METADATA
# title: Maintenance avoids the daily peak
# description: >-
#   Self-managed instances report their seats at about 04:00 UTC, the busiest hour of CustomersDot and of
#   what it calls; in 2023 it was unstable from 03:00 to 05:00. A planned restart must not fall into it.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Store {store} may be restarted at {hour}:00 UTC, in the daily peak from 3 to 5."
#   remediation: "Set `maintenance.hour` of store {store} to an hour outside 3 and 4, 6 for example."
#   references:
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/16334
#     - https://cloud.google.com/sql/docs/postgres/maintenance
package rules.reliability.maintenance_avoids_the_peak

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.runtime == "managed"
	store.maintenance.hour in [3, 4]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "maintenance", "hour"],
		{"store": store.name, "hour": store.maintenance.hour, "expected": 6},
	)
}
