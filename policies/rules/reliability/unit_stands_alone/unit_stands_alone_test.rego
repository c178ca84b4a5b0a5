package rules.reliability.unit_stands_alone_test

import data.rules.reliability.unit_stands_alone as rule

test_a_unit_by_itself_passes if {
	rule.deny == set() with input as _plan(_config, [{"metadata": {"name": "data"}}])
}

test_an_alertmanager_elsewhere_fails if {
	elsewhere := {"alerting": {"alertmanagers": [{"static_configs": [{"targets": ["alerts.acme.example:443"]}]}]}}
	_why(elsewhere) == {"tells alerts.acme.example:443 outside of its cluster"}
	named := {"alerting": {"alertmanagers": [{"dns_sd_configs": [{"names": ["alerts.acme.example"]}]}]}}
	_why(named) == {"tells alerts.acme.example outside of its cluster"}
}

test_nobody_to_tell_fails if {
	_why({"alerting": {"alertmanagers": []}}) == {"tells nobody"}
}

test_series_of_others_fail if {
	config := object.union(_config, {"remote_read": [{"url": "https://metrics.acme.example"}]})
	_why(config) == {"reads what others keep (remote_read)"}
}

test_what_is_not_kept_fails_at_the_set if {
	found := rule.deny with input as _plan(_config, [])
	{finding.path | some finding in found} == {["plan", "urn:set", "inputs", "spec", "volumeClaimTemplates"]}
}

test_what_nobody_knows_yet_is_undecided if {
	unknown := _planned({"$unknown": []}, {"$unknown": []})
	found := rule.deny with input as unknown
	{[finding.status, finding.path[1]] | some finding in found} == {["undecided", "urn:map"], ["undecided", "urn:set"]}
}

test_what_cannot_be_read_fails if {
	found := rule.deny with input as _planned({"prometheus.yaml": "a: [b"}, [{}])
	{finding.status | some finding in found} == {"failed"}
}

test_other_config_maps_are_not_judged if {
	rule.deny == set() with input as {"plan": {"resources": [{
		"urn": "urn:map",
		"type": "kubernetes:core/v1:ConfigMap",
		"name": "dashboards",
		"inputs": {"data": {"unit.json": "{}"}},
	}]}}
}

test_a_receiver_or_a_watchdog_of_the_global_stack_fails_at_its_address if {
	_paths({"watchdog": {"url": "https://metrics.acme.example:8443/ping"}}) == {["watchdog", "url"]}
	receivers := [{"name": "pager", "url": null}, {"name": "hook", "url": "https://metrics.acme.example/page"}]
	_paths({"receivers": receivers}) == {["receivers", 1, "url"]}
	_paths({}) == set()
	_paths({"global": null}) == set()
}

test_a_planned_receiver_of_the_global_stack_fails if {
	config := {"receivers": [{"name": "pages", "webhook_configs": [{"url": "https://metrics.acme.example/page"}]}]}
	found := rule.deny with input as object.union(_unit({}), _plan_of("alertmanager.yaml", config, [{}]))
	{finding.params.why | some finding in found} == {"tells the global stack"}
}

_paths(changed) := {array.slice(finding.path, 2, 9) | some finding in found} if {
	found := rule.deny with input as _unit(changed)
}

_unit(changed) := {"spec": {"unit": {"metadata": {"name": "live"}, "spec": object.union(
	{
		"receivers": [{"name": "pager", "url": null}],
		"watchdog": {"url": "https://deadman.example/ping"},
		"global": {"url": "https://metrics.acme.example/api/v1/write"},
	},
	changed,
)}}}

_why(config) := {finding.params.why | some finding in found} if {
	found := rule.deny with input as _plan(config, [{}])
}

_config := {"alerting": {"alertmanagers": [{"dns_sd_configs": [{"names": ["alertmanager.observability.svc"]}]}]}}

_plan(config, disks) := _plan_of("prometheus.yaml", config, disks)

_plan_of(file, config, disks) := _planned({file: json.marshal(config)}, disks)

_planned(texts, disks) := {"plan": {"resources": [
	{
		"urn": "urn:map",
		"type": "kubernetes:core/v1:ConfigMap",
		"name": "production-prometheus",
		"inputs": {"data": texts},
	},
	{
		"urn": "urn:set",
		"type": "kubernetes:apps/v1:StatefulSet",
		"name": "production-prometheus",
		"inputs": {"spec": {"volumeClaimTemplates": disks}},
	},
]}}
