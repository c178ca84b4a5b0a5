# METADATA
# title: Signatures of DNS answers can be checked
# description: >-
#   A resolver believes a signature only when the zone above vouches for its key, with a DS record. Until
#   then the zone counts as unsigned everywhere: a forged answer is believed like any other.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: "Nothing says that the zone above {domain} vouches for the key that signs it."
#   remediation: >-
#     Once foundation.{environment} is up, write its output `dns_name_servers`, and what
#     `gcloud dns dns-keys describe 0 --zone=<its output dns_zone> --format='value(ds_record())'` prints, under
#     `dns.delegation`. The foundation of the environment above makes these records; where there is none
#     above, make them at the registrar first.
#   references:
#     - https://docs.cloud.google.com/dns/docs/dnssec-advanced
#     - https://docs.cloud.google.com/dns/docs/registrars
package rules.security.chain_of_trust_is_complete

import rego.v2

import data.lib.result

deny contains finding if {
	environment := input.spec.environment
	dns := environment.spec.dns
	dns.dnssec
	some path in _open(dns.delegation)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["environment", "spec", "dns", "delegation"], path),
		{"environment": environment.metadata.name, "domain": dns.domain},
	)
}

# Where it doesn't say so: an unsigned zone is the business of another rule.
_open(delegation) := {[]} if delegation == null

_open(delegation) := {["ds"]} if count(delegation.ds) == 0
