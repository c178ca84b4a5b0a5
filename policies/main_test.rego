package main_test

import rego.v2

import data.main

_service := {"service": {"spec": {"stores": [{"name": "orders", "family": "database", "availability": "zonal"}]}}}

test_findings_of_every_rule_are_collected if {
	ids := {finding.rule | some finding in main.findings} with input as {"spec": _service}
	"reliability/database-is-regional" in ids
}

test_a_readable_document_has_an_answer if {
	is_array(main.findings) with input as {"spec": {}}
	is_array(main.findings) with input as {"spec": {}, "plan": {"resources": []}}
}

test_an_unreadable_document_has_no_answer if {
	every document in [{}, {"spec": []}, {"spec": null}, [], "x"] {
		not main.findings with input as document
	}
}

test_an_unreadable_plan_has_no_answer if {
	every plan in [null, {}, {"resources": {}}, {"resources": [{}]}, {"resources": [{"urn": null}]}] {
		not main.findings with input as {"spec": {}, "plan": plan}
	}
}

test_a_plan_that_names_two_resources_alike_has_no_answer if {
	every plan in [{"resources": [_bucket, _bucket]}, {"resources": [_bucket, {"urn": "urn:db"}, {"urn": "urn:bucket"}]}] {
		not main.findings with input as {"spec": {}, "plan": plan}
	}
	is_array(main.findings) with input as {"spec": {}, "plan": {"resources": [_bucket, {"urn": "urn:db"}]}}
}

_bucket := {"urn": "urn:bucket", "type": "gcp:storage/bucket:Bucket", "inputs": {}}
