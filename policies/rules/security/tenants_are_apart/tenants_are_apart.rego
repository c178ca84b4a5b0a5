# METADATA
# title: Each unit writes into an account of its own, and each team reads what is its own
# description: >-
#   The global stack holds the series of all units. Two units in one account overwrite each other, and who comes
#   without a credential, or reads without a filter, sees what a unit's own gateway would have refused.
# custom:
#   level: 1
#   severity: error
#   stages: [spec, plan]
#   message: "{what} {why}."
#   remediation: "Give each unit an account that no other has, and leave who comes in to the global stack's design."
#   references:
#     - https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#multitenancy
#     - https://docs.victoriametrics.com/victoriametrics/vmauth/#security
package rules.security.tenants_are_apart

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, tenant in input.spec.global.spec.tenants
	some j, other in input.spec.global.spec.tenants
	i != j
	tenant.account == other.account
	finding := result.fail(rego.metadata.chain(), ["global", "spec", "tenants", i], {
		"what": tenant.unit,
		"why": concat(" ", ["has the account", format_int(tenant.account, 10), "as has", other.unit]),
	})
}

deny contains finding if {
	some user in _users
	some i, target in user.inputs.spec.targetRefs
	some other in _users
	other.urn != user.urn
	target.target_path_suffix in _written(other)
	finding := _finding(user, ["targetRefs", i, "target_path_suffix"], "writes where another user writes")
}

deny contains finding if {
	some user in _users
	not _is_known(user.inputs.spec)
	finding := _finding(user, [], "comes in without a credential that only it has")
}

deny contains finding if {
	some user in _users
	user.inputs.spec.jwt
	some i, target in user.inputs.spec.targetRefs
	not _is_narrow(target)
	finding := _finding(user, ["targetRefs", i], "reads without a filter, or more than queries")
}

deny contains finding if {
	some door in plan.resources_of("kubernetes:operator.victoriametrics.com/v1beta1:VMAuth")
	some field in {"unauthorizedUserAccessSpec", "unauthorizedAccessConfig"}
	door.inputs.spec[field]
	finding := _finding(door, [field], "lets in who doesn't say who that is")
}

deny contains finding if {
	some door in plan.resources_of("kubernetes:operator.victoriametrics.com/v1beta1:VMAuth")
	not plan.value(door, ["inputs", "spec", "extraArgs", "tls"]) == "true"
	finding := _finding(door, ["extraArgs", "tls"], "takes credentials without TLS")
}

deny contains finding if {
	some door in plan.resources_of("kubernetes:operator.victoriametrics.com/v1beta1:VMAuth")
	not is_string(plan.value(door, ["inputs", "spec", "internalListenPort"]))
	finding := _finding(door, ["internalListenPort"], "shows everybody its own metrics and settings")
}

# Of what isn't known yet, nobody can say.
deny contains finding if {
	some kind in {"VMUser", "VMAuth"}
	some resource in plan.resources_of(concat(":", ["kubernetes:operator.victoriametrics.com/v1beta1", kind]))
	walk(resource.inputs.spec, [at, value])
	plan.is_unknown(value)
	finding := _finding(resource, at, "isn't known yet")
}

_users contains user if {
	some user in plan.resources_of("kubernetes:operator.victoriametrics.com/v1beta1:VMUser")
}

_written(user) := {target.target_path_suffix |
	some target in user.inputs.spec.targetRefs
	startswith(target.target_path_suffix, "/insert/")
}

_is_known(spec) if {
	is_string(spec.tokenRef.key)
	count(object.keys(spec) & {"jwt", "password", "bearerToken", "generatePassword"}) == 0
}

_is_known(spec) if {
	is_string(spec.jwt.oidc.issuer)
	not spec.jwt.skipVerify
	count(spec.jwt.matchClaims) > 0
	every _, pattern in spec.jwt.matchClaims {
		regex.match(`^\^[A-Za-z0-9-]+\$$`, pattern)
	}
}

_is_narrow(target) if {
	target.crd.kind == "VMCluster/vmselect"
	every path in target.paths {
		endswith(path, "/api/v1/(query|query_range|series|labels|label/[^/]+/values)")
	}
	filters := {argument.name | some argument in target.query_args; count(argument.values) > 0}
	filters == {"extra_filters", "extra_filters[]"}
}

_finding(resource, at, why) := result.fail(
	rego.metadata.chain(),
	plan.place(resource, array.concat(["inputs", "spec"], at), []),
	{"what": resource.name, "why": why},
)
