package lib.alerting_test

import rego.v2

import data.lib.alerting

test_rules_are_found_in_objects_of_google_and_in_files_for_the_unit if {
	alerting.rules == [["urn:google", {"alert": "A"}], ["urn:unit", {"alert": "B"}]] with input as _input(_files(_text))
}

test_what_is_collected_as_something_else_or_is_no_json_has_no_rules if {
	other := object.union(_files(_text), {"metadata": {"labels": {"pave.dev/collect": "probes"}}})
	alerting.rules == [["urn:google", {"alert": "A"}]] with input as _input(other)
	alerting.rules == [["urn:google", {"alert": "A"}]] with input as _input(_files("{"))
	alerting.rules == [["urn:google", {"alert": "A"}]] with input as _input({"data": {"a": _text}})
}

test_it_is_open_while_a_text_or_what_it_is_collected_as_is_not_known if {
	not alerting.is_open with input as _input(_files(_text))
	alerting.is_open with input as _input(_files({"$unknown": []}))
	alerting.is_open with input as _input({"metadata": {"labels": {"$unknown": []}}, "data": {}})
}

test_it_is_open_while_it_is_not_known_what_a_rule_says_of_itself if {
	unknown := {"$unknown": []}
	every groups in [
		unknown, [unknown], [{"rules": unknown}], [{"rules": [unknown]}], [{"rules": [{"alert": unknown}]}],
		[{"rules": [{"alert": "A", "labels": unknown}]}], [{"rules": [{"labels": {"sli": unknown}}]}],
	] {
		alerting.is_open with input as _managed(groups)
	}
	not alerting.is_open with input as _managed([{"rules": [{"alert": "A", "expr": unknown}]}])
}

_managed(groups) := {"plan": {"resources": [{
	"urn": "urn:google",
	"type": "kubernetes:monitoring.googleapis.com/v1:Rules",
	"inputs": {"spec": {"groups": groups}},
}]}}

test_without_a_plan_there_are_none if {
	alerting.rules == [] with input as {}
	not alerting.is_open with input as {}
}

_text := json.marshal({"groups": [{"rules": [{"alert": "B"}]}]})

_files(text) := {"metadata": {"labels": {"pave.dev/collect": "rules"}}, "data": {"rules.yaml": text}}

_input(inputs) := {"plan": {"resources": [
	{
		"urn": "urn:google",
		"type": "kubernetes:monitoring.googleapis.com/v1:Rules",
		"inputs": {"spec": {"groups": [{"rules": [{"alert": "A"}]}]}},
	},
	{"urn": "urn:unit", "type": "kubernetes:core/v1:ConfigMap", "inputs": inputs},
]}}
