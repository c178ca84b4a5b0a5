# METADATA
# title: Firewall rules are as short as Cloud Armor takes them
# description: >-
#   A rule of the firewall has room for five conditions and 2,048 characters, which core rules and exceptions
#   share. Google refuses a longer one in the middle of an update.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: >-
#     With exception {exception} a firewall rule has {subexpressions} conditions and {characters} characters;
#     5 and 2048 fit.
#   remediation: >-
#     Give the exceptions fewer `sources`, such as one wider range instead of several. The paths of exceptions
#     with the same sources count once together.
#   references:
#     - https://cloud.google.com/armor/quotas#limits
#     - https://cloud.google.com/armor/docs/rules-language-reference
package rules.security.firewall_rules_fit

import data.lib.result

deny contains finding if {
	some policy in input.spec.design.securityPolicies
	_is_too_long(policy)
	some i, exception in input.spec.service.spec.edge.waf.exceptions
	exception.name == policy.exceptions[count(policy.exceptions) - 1]
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "edge", "waf", "exceptions", i],
		{
			"exception": exception.name,
			"subexpressions": policy.mostSubexpressions,
			"characters": policy.longestExpression,
		},
	)
}

_is_too_long(policy) if policy.mostSubexpressions > 5

_is_too_long(policy) if policy.longestExpression > 2048
