package rules.reliability.maintenance_avoids_the_peak_test

import data.rules.reliability.maintenance_avoids_the_peak as rule

test_maintenance_in_the_peak_fails_at_its_hour if {
	every hour in [3, 4] {
		rule.deny == {{
			"rule": "reliability/maintenance-avoids-the-peak",
			"path": ["service", "spec", "stores", 0, "maintenance", "hour"],
			"params": {"store": "db", "hour": hour, "expected": 6},
			"status": "failed",
		}} with input as _service("managed", hour)
	}
}

test_maintenance_around_the_peak_passes if {
	every hour in [2, 5, 6] {
		rule.deny == set() with input as _service("managed", hour)
	}
}

test_a_store_on_a_machine_has_no_such_window if {
	rule.deny == set() with input as _service("vm", 4)
}

_service(runtime, hour) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"runtime": runtime,
	"maintenance": {"day": 7, "hour": hour},
}]}}}}
