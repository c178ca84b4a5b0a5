# METADATA
# title: Maintenance avoids the service's own peak
# description: >-
#   A planned restart of a minute costs nothing at a quiet hour, and thousands of requests at the busiest: in
#   2023 instances that all reported at the same hour made CustomersDot unstable for two. Which hours those are
#   nobody but the owner knows.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   declared: {field: spec.traffic.peakHours}
#   message: "Store {store} may be restarted at {hour}:00 UTC, in one of the service's peak hours ({peak})."
#   remediation: "Set `maintenance.hour` of store {store} to {expected}, or leave it out."
#   references:
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/16334
#     - https://cloud.google.com/sql/docs/postgres/maintenance
package rules.reliability.maintenance_avoids_the_peak

import rego.v2

import data.lib.result

deny contains finding if {
	spec := input.spec.service.spec
	peak := spec.traffic.peakHours
	some i, store in spec.stores
	store.runtime == "managed"
	store.maintenance.hour in peak
	quiet := [hour | some hour in _hours; not hour in peak]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "maintenance", "hour"],
		{
			"store": store.name,
			"hour": store.maintenance.hour,
			"peak": concat(", ", [format_int(hour, 10) | some hour in peak]),
			"expected": quiet[0],
		},
	)
}

# One more than there can be hours of peak.
_hours := [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
