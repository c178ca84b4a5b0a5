package rules.reliability.maintenance_avoids_the_peak_test

import data.rules.reliability.maintenance_avoids_the_peak as rule

test_maintenance_in_a_peak_hour_fails_with_the_first_quiet_one if {
	every hour in [6, 7] {
		rule.deny == {{
			"rule": "reliability/maintenance-avoids-the-peak",
			"path": ["service", "spec", "stores", 0, "maintenance", "hour"],
			"params": {"store": "db", "hour": hour, "peak": "6, 7", "expected": 8},
			"status": "failed",
		}} with input as _service("managed", hour, [6, 7])
	}
}

test_there_is_a_quiet_hour_whatever_the_peak if {
	some finding in rule.deny with input as _service("managed", 6, [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])
	finding.params.expected == 18
}

test_maintenance_around_the_peak_passes if {
	every hour in [2, 5, 6] {
		rule.deny == set() with input as _service("managed", hour, [3, 4])
	}
}

test_another_service_s_peak_is_none_of_its_business if {
	rule.deny == set() with input as _service("managed", 4, [])
}

test_a_store_on_a_machine_has_no_such_window if {
	rule.deny == set() with input as _service("vm", 4, [4])
}

_service(runtime, hour, peak) := {"spec": {"service": {"spec": {
	"traffic": {"peakHours": peak},
	"stores": [{
		"name": "db",
		"runtime": runtime,
		"maintenance": {"day": 7, "hour": hour},
	}],
}}}}
