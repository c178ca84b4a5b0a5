# METADATA
# title: Hosts lie in our zone
# description: >-
#   A name in another zone is led here by whoever holds that zone, and can be led elsewhere by them. Nothing
#   in a spec shows whether that is us: `login.example.com` is written as easily as a name of our own.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     `{host}` does not lie in {domain}: whoever holds its zone decides where it leads.
#   remediation: >-
#     Take a host in {domain}. If the other name is ours, have the records made that the plan lists as made
#     elsewhere.
#   references:
#     - https://developers.google.com/search/docs/monitor-debug/security/social-engineering
#     - https://cloud.google.com/certificate-manager/docs/domain-authorization
package rules.security.hosts_lie_in_our_zone

import rego.v2

import data.lib.result

deny contains finding if {
	edge := input.spec.design.edge
	some host, path in _hosts
	not _lies_in(host, edge.domain)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service", "spec", "edge"], path),
		{"host": host, "domain": edge.domain},
	)
}

_hosts[input.spec.design.edge.host] := ["host"]

_hosts[host] := ["formerHosts", i] if some i, host in input.spec.service.spec.edge.formerHosts

_lies_in(host, domain) if host == domain

_lies_in(host, domain) if endswith(host, concat("", [".", domain]))
