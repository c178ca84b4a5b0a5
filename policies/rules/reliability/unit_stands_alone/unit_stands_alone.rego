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
	told := {[["watchdog", "url"], _spec.watchdog.url]} | {[["receivers", i, "url"], receiver.url] | some i, receiver in _spec.receivers}
	some [at, url] in told
	_host(url) == _host(_spec.global.url)
	finding := _finding(array.concat(["unit", "spec"], at), url, "is part of the global stack")
}

deny contains finding if {
	some map in plan.resources_of("kubernetes:core/v1:ConfigMap")
	some file in {"prometheus.yaml", "alertmanager.yaml"}
	some why in _leans(json.unmarshal(map.inputs.data[file]))
	finding := _finding(plan.place(map, ["inputs", "data", file], []), file, why)
}

deny contains finding if {
	some set in plan.resources_of("kubernetes:apps/v1:StatefulSet")
	count(object.get(set.inputs.spec, "volumeClaimTemplates", [])) == 0
	finding := _finding(plan.place(set, ["inputs", "spec"], []), set.name, "keeps nothing when a pod is moved")
}

_spec := input.spec.unit.spec

_leans(config) := (({"reads what others keep (remote_read)" | some _ in config.remote_read} | {"tells nobody" | count(config.alerting.alertmanagers) == 0}) | {_elsewhere(name) | some manager in config.alerting.alertmanagers; some name in _names(manager); _is_outside(name)}) | {"tells the global stack" | some receiver in config.receivers; walk(receiver, [_, url]); _host(url) == _host(_spec.global.url)}

_elsewhere(name) := concat(" ", ["tells", name, "outside of its cluster"])

_is_outside(name) if not regex.match(`\.svc(\.cluster\.local)?(:\d+)?$`, name)

_names(manager) := {name | some found in manager.dns_sd_configs; some name in found.names} | {target | some found in manager.static_configs; some target in found.targets}

_host(url) := regex.find_all_string_submatch_n(`^[a-z]+://([^/:?#]+)`, url, 1)[0][1]

_finding(at, what, why) := result.fail(rego.metadata.chain(), at, {"what": what, "why": why})
