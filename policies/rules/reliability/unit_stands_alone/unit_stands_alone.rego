# METADATA
# title: A unit needs nothing of the global stack
# description: >-
#   When the global stack is gone, somebody still has to be paged, and to notice when the unit itself is gone.
#   The one way from a unit to the global stack is the copy of recorded series, and that may fail.
# custom:
#   level: 2
#   severity: error
#   stages: [spec, plan]
#   message: "{what} of the unit {why}."
#   remediation: "Name somebody who is reached without the global stack."
#   references:
#     - https://prometheus.io/docs/practices/alerting/#metamonitoring
#     - https://sre.google/workbook/monitoring/
package rules.reliability.unit_stands_alone

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some [at, url] in _told
	_host(url) == _host(_spec.global.url)
	finding := _finding(array.concat(["unit", "spec"], at), url, "is part of the global stack")
}

deny contains finding if {
	some [map, file, why] in _leaning
	finding := _finding(plan.place(map, ["inputs", "data", file], []), file, why)
}

deny contains finding if {
	some set in plan.resources_of("kubernetes:apps/v1:StatefulSet")
	not _keeps(set.inputs.spec.volumeClaimTemplates)
	at := plan.place(set, ["inputs", "spec", "volumeClaimTemplates"], [])
	finding := _finding(at, set.name, "keeps nothing when a pod is moved")
}

_spec := input.spec.unit.spec

_told contains [["watchdog", "url"], _spec.watchdog.url]

_told contains [["receivers", i, "url"], receiver.url] if some i, receiver in _spec.receivers

_keeps(disks) if {
	is_array(disks)
	count(disks) > 0
}

_configured contains [map, file, json.unmarshal(map.inputs.data[file])] if {
	some map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	some file in {"prometheus.yaml", "alertmanager.yaml"}
}

_leaning contains [map, file, "isn't known, or can't be read"] if {
	some map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	some file in object.keys(map.inputs.data)
	file in {"prometheus.yaml", "alertmanager.yaml", "$unknown"}
	not json.is_valid(map.inputs.data[file])
}

_leaning contains [map, file, "reads what others keep (remote_read)"] if {
	some [map, file, config] in _configured
	count(config.remote_read) > 0
}

_leaning contains [map, file, "tells nobody"] if {
	some [map, file, config] in _configured
	count(config.alerting.alertmanagers) == 0
}

_leaning contains [map, file, concat(" ", ["tells", name, "outside of its cluster"])] if {
	some [map, file, config] in _configured
	some manager in config.alerting.alertmanagers
	some name in _names(manager)
	not regex.match(`\.svc(\.cluster\.local)?(:\d+)?$`, name)
}

_leaning contains [map, file, "tells the global stack"] if {
	some [map, file, config] in _configured
	walk(config.receivers, [_, url])
	_host(url) == _host(_spec.global.url)
}

_names(manager) := array.concat(
	[name | some found in manager.dns_sd_configs; some name in found.names],
	[target | some found in manager.static_configs; some target in found.targets],
)

_host(url) := regex.find_all_string_submatch_n(`^[a-z]+://([^/:?#]+)`, url, 1)[0][1]

_finding(at, what, why) := result.fail(rego.metadata.chain(), at, {"what": what, "why": why})
