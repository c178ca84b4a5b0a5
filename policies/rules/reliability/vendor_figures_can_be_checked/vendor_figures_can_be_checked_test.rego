package rules.reliability.vendor_figures_can_be_checked_test

import data.rules.reliability.vendor_figures_can_be_checked as rule

test_a_figure_that_is_said_to_be_published_needs_its_page if {
	every evidence in ["contract", "published"] {
		rule.deny == {{
			"rule": "reliability/vendor-figures-can-be-checked",
			"path": ["service", "spec", "dependencies", 1, "vendor"],
			"params": {"vendor": "stripe", "availability": 99.99, "evidence": evidence},
			"status": "failed",
		}} with input as _input({"evidence": evidence, "source": null})
	}
}

test_with_its_page_it_passes if {
	rule.deny == set() with input as _input({"evidence": "published", "source": "https://example.com/sla"})
}

test_a_guess_and_what_we_measure_have_no_page if {
	every evidence in ["assumed", "measured"] {
		rule.deny == set() with input as _input({"evidence": evidence, "source": null})
	}
}

_input(figure) := {"spec": {
	"catalog": {"vendors": [object.union({"name": "stripe", "availability": 99.99}, figure)]},
	"service": {"spec": {"dependencies": [{"vendor": null}, {"vendor": "stripe"}]}},
}}
