package rules.reliability.stateful_resources_are_protected_test

import data.rules.reliability.stateful_resources_are_protected as rule

test_an_unprotected_production_fails_at_its_switch if {
	rule.deny == {{
		"rule": "reliability/stateful-resources-are-protected",
		"path": ["environment", "spec", "protected"],
		"params": {
			"resource": "What is stateful",
			"lock": "`protected`",
			"environment": "live",
			"expected": true,
		},
		"status": "failed",
	}} with input as _input("production", false, [])
}

test_each_missing_lock_of_a_database_fails if {
	rule.deny == {
		_finding(["inputs", "deletionProtection"], "failed"),
		_finding(["inputs", "settings", "deletionProtectionEnabled"], "undecided"),
		_finding(["options", "protect"], "failed"),
		_finding(["options", "retainOnDelete"], "failed"),
	} with input as _input("production", true, [_database(
		{
			"deletionProtection": false,
			"settings": {"$unknown": []},
		},
		{},
	)])
}

test_a_database_with_all_locks_passes if {
	rule.deny == set() with input as _input("production", true, [_database(
		{
			"deletionProtection": true,
			"settings": {"deletionProtectionEnabled": true},
		},
		{"protect": true, "retainOnDelete": true},
	)])
}

test_everything_that_holds_data_or_an_address_has_its_locks if {
	all := {"options/protect", "options/retainOnDelete"}
	own := all | {"inputs/deletionProtection"}
	both := own | {"inputs/settings/deletionProtectionEnabled"}
	wanted := {
		"gcp:compute/address:Address": all,
		"gcp:compute/globalAddress:GlobalAddress": all,
		"gcp:compute/instance:Instance": own,
		"gcp:compute/network:Network": all,
		"gcp:compute/subnetwork:Subnetwork": all,
		"gcp:container/cluster:Cluster": own,
		"gcp:dns/managedZone:ManagedZone": all,
		"gcp:pubsub/subscription:Subscription": (all | {"inputs/deletionPolicy"}),
		"gcp:pubsub/topic:Topic": (all | {"inputs/deletionPolicy"}),
		"gcp:redis/instance:Instance": own,
		"gcp:secretmanager/secret:Secret": own,
		"gcp:servicenetworking/connection:Connection": all,
		"gcp:sql/database:Database": all,
		"gcp:sql/databaseInstance:DatabaseInstance": both,
		"gcp:storage/bucket:Bucket": (all | {"inputs/deletionPolicy"}),
		"kubernetes:apps/v1:StatefulSet": all,
		"kubernetes:operator.victoriametrics.com/v1beta1:VMCluster": all,
	}
	every type, locks in wanted {
		resource := {"urn": "urn:x", "type": type, "name": "x", "inputs": {}, "options": {}}
		locks == {concat("/", array.slice(finding.path, 2, count(finding.path))) |
			some finding in rule.deny with input as _input("production", true, [resource])
		}
	}
}

test_a_bucket_that_nobody_may_delete_passes if {
	options := {"protect": true, "retainOnDelete": true}
	every policy, wanted in {"PREVENT": 0, "DELETE": 1, "ABANDON": 1} {
		bucket := object.union(_database({"deletionPolicy": policy}, options), {"type": "gcp:storage/bucket:Bucket"})
		count(rule.deny) == wanted with input as _input("production", true, [bucket])
	}
}

test_what_is_about_to_be_taken_out_may_go if {
	design := {
		"stores": [{"resource": "portal-db-g1", "protected": false}, {"resource": "portal-db-g2", "protected": true}],
		"secrets": [{"resource": "portal-cache-auth", "protected": false}],
		"machines": [{"instanceNames": ["portal-vm-1"], "protected": false}],
	}
	every name, wanted in {
		"portal-db-g1": 0,
		"portal-db-g1-portal": 0,
		"portal-db-g10": 4,
		"portal-db-g2": 4,
		"portal-cache-auth": 0,
		"portal-vm-1": 0,
		"portal-vm-10": 4,
	} {
		database := object.union(_database({}, {}), {"name": name})
		asked := object.union(_input("production", true, [database]), {"spec": {"design": design}})
		count(rule.deny) == wanted with input as asked
	}
}

test_other_resources_may_go if {
	record := {"urn": "urn:db", "type": "gcp:dns/recordSet:RecordSet", "name": "portal", "inputs": {}, "options": {}}
	rule.deny == set() with input as _input("production", true, [record])
}

test_staging_may_be_made_again if {
	rule.deny == set() with input as _input("staging", false, [_database({}, {})])
}

_finding(at, status) := {
	"rule": "reliability/stateful-resources-are-protected",
	"path": array.concat(["plan", "urn:db"], at),
	"params": {"resource": "portal-db-g1", "lock": at[count(at) - 1], "environment": "live"},
	"status": status,
}

_database(inputs, options) := {
	"urn": "urn:db",
	"type": "gcp:sql/databaseInstance:DatabaseInstance",
	"name": "portal-db-g1",
	"inputs": inputs,
	"options": options,
}

_input(purpose, protected, resources) := {
	"spec": {"environment": {
		"metadata": {"name": "live"},
		"spec": {"purpose": purpose, "protected": protected},
	}},
	"plan": {"resources": resources},
}
