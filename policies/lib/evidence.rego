# METADATA
# title: What replays of logs say of rules that refuse requests
# description: |
#   The catalog keeps replays as previews; those are seen that a service names as its evidence.
package lib.evidence

import rego.v2

# METADATA
# title: The rules and paths of journeys in front of which nobody would have been turned away
# description: |
#   By their digests: a week's log has requests for them, and of all of these it is known what becomes of them.
proven contains journey.digest if {
	some preview in input.spec.catalog.previews
	preview.days >= 7
	some journey in preview.journeys
	journey.requests > 0
	journey.answered == 0
	journey.undecided == 0
}
