# METADATA
# title: Guests at a host keep to paths of their own
# description: >-
#   At the load balancer the longest path wins. A guest whose path lies within one of the host's journeys takes
#   requests from it: they leave its limits, its promise and its figures, and nobody there has changed a line.
# custom:
#   level: 3
#   severity: warning
#   stages: [spec]
#   message: >-
#     `{guest}` takes {paths} from {journeys}, which its owner has at `spec.endpoints[{journey}].paths`.
#   remediation: >-
#     Have `{guest}` answer for paths outside of {journeys}, or narrow the paths there to what is left.
#   references:
#     - https://cloud.google.com/load-balancing/docs/url-map-concepts
package rules.operations.guests_keep_to_their_paths

import data.lib.result

deny contains finding if {
	some journey in input.spec.design.edge.guests
	journey.takes != []
	some i, name in input.spec.service.spec.edge.guests
	name == journey.service
	finding := result.fail(rego.metadata.chain(), ["service", "spec", "edge", "guests", i], {
		"guest": name,
		"journey": trim_prefix(journey.name, concat("", [name, "-"])),
		"journeys": concat(", ", journey.takes),
		"paths": concat(", ", journey.paths),
	})
}
