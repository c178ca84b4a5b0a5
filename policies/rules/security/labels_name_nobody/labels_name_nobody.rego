# METADATA
# title: Labels name nobody
# description: >-
#   What stands in a label is copied to everybody who may look at a graph, is kept for as long as the series, and
#   can't be taken out of it. So no card number, e-mail address or account id of a person does.
# custom:
#   level: 2
#   severity: error
#   stages: [plan]
#   message: "A rule of {service} keeps {what} in the label {label}."
#   remediation: "Name it after what happens, and not after whom it happens to."
#   references:
#     - https://prometheus.io/docs/practices/naming/#labels
#     - https://docs-prv.pcisecuritystandards.org/PCI%20DSS/Standard/PCI-DSS-v4_0_1.pdf
package rules.security.labels_name_nobody

import rego.v2

import data.lib.alerting
import data.lib.result

deny contains finding if {
	some label, values in _labels
	some value, urns in values
	some what in _told(label, value)
	some urn in urns
	finding := result.fail(rego.metadata.chain(), ["plan", urn], {
		"service": input.spec.service.metadata.name,
		"what": what,
		"label": label,
	})
}

deny contains finding if {
	some urn in alerting.unsaid
	finding := result.undecided(rego.metadata.chain(), ["plan", urn], {
		"service": input.spec.service.metadata.name,
		"what": "what nobody knows yet",
		"label": "any",
	})
}

# Thousands of rules have a few labels, and most of those the same values.
_labels[label][value] contains urn if {
	some [urn, rule] in alerting.rules
	some label, value in rule.labels
}

_told(label, value) := {"who it is about" | regex.match(_personal, label)} | {what |
	some what, pattern in _looks_like
	regex.match(pattern, value)
}

# What the unit's Prometheus takes off whatever is scraped, too.
_personal := `(?i)^(.*_)?(e?mail|card|pan|iban|account_?id|customer_?id|user_?id|user_?name|phone|ssn)(_.*)?$`

_looks_like := {
	"what looks like a card number": `(^|[^0-9])[0-9]{13,19}($|[^0-9])`,
	"an e-mail address": `[^@\s]+@[^@\s]+\.[A-Za-z]{2,}`,
}
