package lib.plan_test

import rego.v2

import data.lib.plan

_database := {
	"urn": "urn:db",
	"type": "gcp:sql/databaseInstance:DatabaseInstance",
	"inputs": {"settings": {"tier": "db-f1", "flags": [{"name": "a", "value": false}], "disk": null}},
}

_bucket := {"urn": "urn:bucket", "type": "gcp:storage/bucket:Bucket", "inputs": {}}

_document := {"plan": {"resources": [_bucket, _database]}}

test_resources_are_found_by_urn if {
	plan.by_urn == {"urn:db": _database, "urn:bucket": _bucket} with input as _document
}

test_resources_are_found_by_type if {
	plan.resources_of("gcp:storage/bucket:Bucket") == {"urn:bucket": _bucket} with input as _document
}

test_a_read_replica_is_no_database_of_its_own if {
	replica := {"urn": "urn:copy", "type": _database.type, "inputs": {"masterInstanceName": "db"}}
	plan.databases == {"urn:db": _database} with input as {"plan": {"resources": [replica, _database]}}
}

test_what_may_be_one_is_judged_like_a_database if {
	maybe := {"urn": "urn:db", "type": _database.type, "inputs": {"masterInstanceName": {"$unknown": []}}}
	plan.databases == {"urn:db": maybe} with input as {"plan": {"resources": [maybe]}}
}

test_a_type_that_is_not_in_the_plan_has_no_resources if {
	plan.resources_of("gcp:redis/instance:Instance") == {} with input as _document
}

test_without_a_plan_there_are_no_resources if {
	plan.by_urn == {} with input as {}
	plan.resources_of("gcp:storage/bucket:Bucket") == {} with input as {}
}

test_a_value_is_found_through_objects_and_lists if {
	plan.value(_database, ["inputs", "settings", "tier"]) == "db-f1"
	plan.value(_database, ["inputs", "settings", "flags", 0, "name"]) == "a"
}

test_false_and_null_are_values if {
	plan.value(_database, ["inputs", "settings", "flags", 0, "value"]) == false
	plan.value(_database, ["inputs", "settings", "disk"]) == null
}

test_a_missing_value_is_undefined if {
	not plan.value(_database, ["inputs", "settings", "edition"])
	not plan.value(_database, ["inputs", "settings", "flags", 1])
	not plan.value(_database, ["inputs", "settings", "tier", "deeper"])
}

test_a_missing_value_is_not_the_good_one if {
	not plan.value(_database, ["inputs", "settings", "edition"]) == "ENTERPRISE_PLUS"
}

test_an_object_with_the_marker_is_unknown if {
	plan.is_unknown({"$unknown": []})
	plan.is_unknown({"$unknown": ["urn:db"]})
}

test_a_path_is_unknown_with_its_value_or_one_above_it if {
	every inputs in [
		{"$unknown": []}, {"rules": {"$unknown": []}}, {"rules": [{"$unknown": []}]},
		{"rules": [{"action": {"$unknown": []}}]},
	] {
		plan.is_unknown_at({"inputs": inputs}, ["inputs", "rules", 0, "action"])
	}
	every inputs in [{}, {"rules": []}, {"rules": [{"action": "deny"}, {"$unknown": []}]}, {"a": {"$unknown": []}}] {
		not plan.is_unknown_at({"inputs": inputs}, ["inputs", "rules", 0, "action"])
	}
}

test_a_value_may_be_what_it_is_or_anything_that_is_not_known if {
	plan.may_be("A", {"A", "AAAA"})
	plan.may_be({"$unknown": []}, {"A", "AAAA"})
	not plan.may_be("CNAME", {"A", "AAAA"})
	not plan.may_be(plan.value(_bucket, ["inputs", "type"]), {"A", "AAAA"})
}

test_a_finding_points_to_the_value_judged if {
	every inputs in [{}, {"ttl": 1, "type": "A"}, {"ttl": {"$unknown": []}, "type": "A"}] {
		_place(inputs) == ["plan", "urn:record", "inputs", "ttl"]
	}
}

test_a_finding_points_to_the_first_unknown_that_it_depends_on if {
	_place({"ttl": 1, "type": {"$unknown": []}}) == ["plan", "urn:record", "inputs", "type"]
	_place({"type": {"$unknown": []}, "zone": {"$unknown": []}}) == ["plan", "urn:record", "inputs", "zone"]
}

_place(inputs) := plan.place(
	{"urn": "urn:record", "inputs": inputs},
	["inputs", "ttl"],
	[["inputs", "zone"], ["inputs", "type"]],
)

test_other_values_are_known if {
	every value in ["$unknown", ["$unknown"], {}, {"$secret": true}, null, false, 0] {
		not plan.is_unknown(value)
	}
}
