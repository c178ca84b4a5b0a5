# METADATA
# title: Secrets are changed twice a year
# description: >-
#   A secret that leaked unnoticed is good for as long as nobody changes it. And one that has not been changed
#   for years is one that nobody knows how to change, on the day when it has to be done.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   declared: {field: spec.secrets, purposes: [production]}
#   message: "Secret {secret} {fault}."
#   remediation: >-
#     Set a new version of secret {secret} at least every 180 days, and write the day into `secrets`, as its
#     `rotatedOn`. If changing it ends all sessions, say so with `kind: session-key`.
#   references:
#     - https://cloud.google.com/secret-manager/docs/rotation-recommendations
#     - https://docs.cloud.google.com/architecture/framework/security/implement-security-by-design
package rules.security.secrets_are_rotated

import rego.v2

import data.lib.result

deny contains finding if {
	_is_production
	some secret, readers in _readers
	not secret in {dated.name | some dated in _spec.secrets}
	[_, _, i, j] := min(readers)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "environment", j, "secret"],
		{"secret": secret, "fault": "does not stand in `secrets` with the day of its last change"},
	)
}

deny contains finding if {
	_is_production
	some i, secret in _spec.secrets
	some fault in _faults(secret.kind, input.spec.today - secret.rotatedOn)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "secrets", i, "rotatedOn"],
		{"secret": secret.name, "fault": fault},
	)
}

_is_production if input.spec.environment.spec.purpose == "production"

_spec := input.spec.service.spec

# Names before positions, so that it doesn't matter in which order they are written.
_readers[variable.secret] contains [workload.name, variable.name, i, j] if {
	some i, workload in _spec.workloads
	some j, variable in workload.environment
	is_string(variable.secret)
}

# To change a key of sessions signs everybody out: half a year is no reason for that.
_faults("credential", days) := {concat(" ", ["was last changed", format_int(days, 10), "days ago"])} if days > 180

_faults(_, days) := {"is said to have been changed in the future"} if days < 0
