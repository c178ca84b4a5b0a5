package rules.reliability.unit_is_heard_test

import data.rules.reliability.unit_is_heard as rule

test_a_unit_that_wakes_nobody_fails if {
	found := rule.deny with input as _told_by([false, false])
	{finding.path | some finding in found} == {["unit", "spec", "receivers"]}
}

test_one_that_is_woken_is_enough if {
	rule.deny == set() with input as _told_by([false, true])
}

test_an_environment_without_a_unit_is_not_judged if {
	rule.deny == set() with input as {"spec": {"unit": null}}
}

_told_by(pages) := {"spec": {"unit": {
	"metadata": {"name": "live"},
	"spec": {"receivers": [{"name": "pager", "pages": each} | some each in pages]},
}}}
