# METADATA
# title: Names can be moved within minutes
# description: >-
#   When a name has to lead elsewhere, at a failover or to turn back a move, resolvers go on with the old
#   answer for as long as it says. A day-long answer is a day-long outage.
# custom:
#   level: 3
#   severity: error
#   stages: [spec, plan]
#   message: "{name} may be cached for {seconds} seconds."
#   remediation: >-
#     Set `ttlSeconds` there to 300 or less: of the record in `zones/{environment}.yaml`, or of `dns` in environment
#     {environment} for the names of services.
#   references:
#     - https://cloud.google.com/dns/docs/best-practices
#     - https://docs.cloud.google.com/architecture/framework/reliability/build-highly-available-systems
package rules.reliability.dns_ttl_is_short

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	dns := input.spec.environment.spec.dns
	dns.ttlSeconds > 300
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "dns", "ttlSeconds"],
		{
			"name": concat("", ["*.", dns.domain]),
			"seconds": dns.ttlSeconds,
			"environment": _environment,
			"expected": 300,
		},
	)
}

deny contains finding if {
	some record in plan.resources_of("gcp:dns/recordSet:RecordSet")
	plan.may_be(record.inputs.type, {"A", "AAAA"})
	not _is_short(record.inputs.ttl)
	finding := result.fail(
		rego.metadata.chain(),
		plan.place(record, ["inputs", "ttl"], [["inputs", "type"]]),
		{"name": _name(record), "seconds": _shown(record), "environment": _environment},
	)
}

_environment := input.spec.environment.metadata.name

_is_short(seconds) if {
	is_number(seconds)
	seconds <= 300
}

_name(record) := trim_suffix(record.inputs.name, ".") if is_string(record.inputs.name)

_name(record) := record.name if not is_string(record.inputs.name)

_shown(record) := record.inputs.ttl if is_number(record.inputs.ttl)

_shown(record) := "unknown" if not is_number(record.inputs.ttl)
