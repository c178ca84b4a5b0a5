# METADATA
# title: Names in the sentence of a finding
package lib.words

import rego.v2

# METADATA
# title: Names as one lists them
# description: |
#   `a`, `a and b`, `a, b and c`, in the order of the array.
listed(names) := concat(" and ", names) if count(names) < 3

listed(names) := concat(" and ", [concat(", ", before), names[last]]) if {
	last := count(names) - 1
	last > 1
	before := array.slice(names, 0, last)
}
