# METADATA
# title: The firewall looks at every request
# description: >-
#   A firewall without active signatures, or with an exception for every path, is on in the console and off
#   in the world: nobody looks for the hole where the lamp is green.
# custom:
#   level: 2
#   severity: error
#   guards: [public]
#   stages: [spec]
#   message: "The firewall of {service} lets every attack pass, because {cause}."
#   remediation: "Set `edge.waf.sensitivity` to 1 or more, and give each exception the paths and sources it needs."
#   references:
#     - https://cloud.google.com/armor/docs/rule-tuning
#     - https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/rate-limiting/bypass-policy/
package rules.security.waf_covers_the_baseline

import data.lib.result

# Sensitivity 0 has no signatures at all.
deny contains finding if {
	input.spec.service.spec.edge.waf.profile == "baseline"
	input.spec.service.spec.edge.waf.sensitivity == 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "sensitivity"],
		{"service": _service, "cause": "its sensitivity is 0", "expected": 1},
	)
}

deny contains finding if {
	some i, exception in input.spec.service.spec.edge.waf.exceptions
	_is_for_everyone(exception.sources)
	some j, path in exception.paths
	path in ["/", "/*"]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "exceptions", i, "paths", j],
		{
			"service": _service,
			"cause": concat("", ["its exception ", exception.name, " is for everyone and ", path]),
		},
	)
}

deny contains finding if {
	exceptions := input.spec.service.spec.edge.waf.exceptions
	open := {path | some exception in exceptions; _is_for_everyone(exception.sources); some path in exception.paths}
	open & {"/", "/*"} == set()
	count(input.spec.service.spec.endpoints) > 0
	every endpoint in input.spec.service.spec.endpoints {
		every path in endpoint.paths { _is_within(path, open) }
	}
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "exceptions"],
		{"service": _service, "cause": "its exceptions for everyone together hold for every path that is served"},
	)
}

_is_within(path, open) if path in open

_is_within(path, open) if {
	some prefix in open
	endswith(prefix, "/*")
	startswith(path, trim_suffix(prefix, "*"))
}

_service := input.spec.service.metadata.name

_is_for_everyone([])

_is_for_everyone(sources) if {
	some source in sources
	endswith(source, "/0")
}
