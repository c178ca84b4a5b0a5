# METADATA
# title: Figures of vendors can be checked
# description: >-
#   What a service can promise is at most what it depends on keeps. A figure that a contract or the vendor is
#   said to give, without the page that gives it, is a guess that looks like a fact.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: >-
#     The {availability} % of {vendor} are called {evidence}, and nobody can look that up.
#   remediation: >-
#     Write the page as `source` in the file of vendor {vendor}, or `evidence: assumed` if there is none.
#   references:
#     - https://sre.google/sre-book/service-level-objectives/
package rules.reliability.vendor_figures_can_be_checked

import data.lib.result

deny contains finding if {
	some i, dependency in input.spec.service.spec.dependencies
	some vendor in input.spec.catalog.vendors
	vendor.name == dependency.vendor
	vendor.source == null
	vendor.evidence in {"contract", "published"}
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "dependencies", i, "vendor"],
		{"vendor": vendor.name, "availability": vendor.availability, "evidence": vendor.evidence},
	)
}
