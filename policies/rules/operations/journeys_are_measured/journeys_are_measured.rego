# METADATA
# title: What users do is measured
# description: >-
#   Machines can be well while nobody can buy. Each web workload needs a journey whose requests, errors and
#   latency count into the error budget, and where people sign in or pay, that journey has to be one of them.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   declared: {field: spec.endpoints, proof: operations/promises-are-measured}
#   message: "No journey that counts covers {what}."
#   remediation: "Give {which} a `weight` of 1 or more."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/set-targets
#     - https://sre.google/workbook/implementing-slos/
package rules.operations.journeys_are_measured

import rego.v2

import data.lib.result

deny contains finding if {
	some i, endpoint in _endpoints
	endpoint.weight == 0
	doing := _vital[endpoint.sensitive]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "endpoints", i, "weight"],
		{
			"what": concat("", ["endpoint ", endpoint.name, ", where people ", doing]),
			"which": concat(" ", ["endpoint", endpoint.name]),
			"expected": 1,
		},
	)
}

deny contains finding if {
	some workload in input.spec.service.spec.workloads
	workload.kind == "web"
	places := object.get(_places, workload.name, {})
	every i in places {
		_endpoints[i].weight == 0
		not _vital[_endpoints[i].sensitive]
	}
	[path, fix] := _first(places)
	which := concat("", ["an endpoint of workload ", workload.name, " (add one, if there is none)"])
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service", "spec", "endpoints"], path),
		object.union({"what": concat(" ", ["workload", workload.name]), "which": which}, fix),
	)
}

_vital := {"login": "sign in", "payment": "pay"}

_endpoints := input.spec.service.spec.endpoints

# Of each workload, by name, so that it doesn't matter in which order they are written.
_places[endpoint.workload][endpoint.name] := i if some i, endpoint in _endpoints

_first(places) := [[places[min(object.keys(places))], "weight"], {"expected": 1}]

_first(places) := [[], {}] if count(places) == 0
