# METADATA
# title: What is promised can be kept
# description: >-
#   A target above what the design gives is missed in an ordinary month, without anybody's mistake.
#   CustomersDot promised 99.95 % on one virtual machine, which Google sells with 99.9 %.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: >-
#     {service} promises {promised} %, but what its parts publish and declare amounts to {designed} %{unless}; most
#     is lost at {weakest}.
#   remediation: >-
#     Improve {weakest} first, or lower `availability.target` to {designed} or less. Of a dependency of which
#     nobody knows it, say the `availability`.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/set-targets
#     - https://queue.acm.org/detail.cfm?id=3096459
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/5143
package rules.reliability.availability_target_is_reachable

import rego.v2

import data.lib.result
import data.lib.words

deny contains finding if {
	availability := input.spec.design.availability
	availability.designed < availability.promised
	not _is_only_of_dependencies
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "availability", "target"],
		{
			"service": input.spec.service.metadata.name,
			"promised": availability.promised,
			"designed": availability.designed,
			"weakest": availability.weakest,
			"unless": "",
		},
	)
}

# It would be kept if what nobody knows never failed.
deny contains finding if {
	availability := input.spec.design.availability
	count(availability.unknown) > 0
	availability.designed >= availability.promised
	finding := result.undecided(
		rego.metadata.chain(),
		["service", "spec", "availability", "target"],
		{
			"service": input.spec.service.metadata.name,
			"promised": availability.promised,
			"designed": availability.designed,
			"weakest": availability.weakest,
			"unless": concat("", [" less what nobody knows of ", words.listed(availability.unknown)]),
		},
	)
}

# Hard dependencies below the promise are a finding of their own: one cause is said once.
_is_only_of_dependencies if {
	input.spec.design.availability.ceiling < input.spec.design.availability.promised
	input.spec.design.availability.own >= input.spec.design.availability.promised
}
