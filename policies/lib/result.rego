# METADATA
# title: The only constructor of a finding
package lib.result

import rego.v2

import data.lib.plan

# METADATA
# title: A finding of the rule that asks for it
# description: |
#   `finding := result.fail(rego.metadata.chain(), path, params)`. `path` leads to the value judged and
#   starts with its document: `["service", …]`, `["environment", …]` or `["plan", urn, …]`. `params` are
#   flat strings, numbers and booleans for the message; `expected` is the value that would pass at `path`.
#   The status is "undecided" when that value, or one above it within its resource, is not known yet.
fail(chain, path, params) := {
	"rule": _id(chain[0].path),
	"path": path,
	"params": params,
	"status": _status(path),
}

# METADATA
# title: A finding on what a rule can't judge
# description: |
#   Like `fail`, where nobody knows a value that the verdict takes. It doesn't block, and it is no pass.
undecided(chain, path, params) := object.union(fail(chain, path, params), {"status": "undecided"})

# ["rules", "reliability", "database_is_regional", "deny"] is "reliability/database-is-regional".
_id(path) := concat("/", [path[1], replace(path[2], "_", "-")])

_status(path) := "undecided" if {
	path[0] == "plan"
	plan.is_unknown_at(plan.by_urn[path[1]], array.slice(path, 2, count(path)))
} else := "failed"
