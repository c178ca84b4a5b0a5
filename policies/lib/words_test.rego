package lib.words_test

import rego.v2

import data.lib.words

test_names_are_listed_as_one_says_them if {
	words.listed([]) == ""
	words.listed(["a"]) == "a"
	words.listed(["a", "b"]) == "a and b"
	words.listed(["a", "b", "c", "d"]) == "a, b, c and d"
}
