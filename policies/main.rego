# METADATA
# title: The one question that every engine asks
# description: |
#   `data.main.findings` is all rules' findings, in no order. A rule is found by its folder,
#   `rules/<pillar>/<rule_name>`: there is no list to add it to.
package main

import rego.v2

# Undefined, not empty, for a document of another shape: "nothing to complain of" must never be the
# answer to a document that could not be read. Both engines turn undefined into an error.
# An array, since in WebAssembly a set would compare every finding with others once more.
findings := [finding | some finding in data.rules[_][_].deny] if {
	is_object(input.spec)
	_plan_is_readable
	_state_is_readable
}

_plan_is_readable if not _has_plan

_plan_is_readable if {
	is_array(input.plan.resources)
	every resource in input.plan.resources { is_string(resource.urn) }

	# Two by one name: without this, whether an engine notices depends on what it asks first.
	count({resource.urn | some resource in input.plan.resources}) == count(input.plan.resources)
}

_state_is_readable if not _has_state

_state_is_readable if {
	is_string(input.state.budget.state)
	is_boolean(input.state.change.isKnown)
}

_has_state if "state" in object.keys(input)

_has_plan if "plan" in object.keys(input)
