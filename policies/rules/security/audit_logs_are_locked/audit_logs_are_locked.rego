# METADATA
# title: Nobody can rewrite the audit log
# description: >-
#   Whoever takes over a project can lessen the time that a bucket keeps its entries, and delete what shows it.
#   A locked time can't be lessened, by its owner and by Google neither. There is no way back from it.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Environment {environment} keeps its audit log for {days} days{unlocked}."
#   remediation: "Set `audit.{field}` of environment {environment} to {wanted}."
#   references:
#     - https://cloud.google.com/storage/docs/bucket-lock
#     - https://docs.cloud.google.com/architecture/framework/security/meet-regulatory-compliance-and-privacy-needs
package rules.security.audit_logs_are_locked

import rego.v2

import data.lib.result

deny contains finding if {
	_environment.spec.purpose == "production"
	not _audit.locked
	finding := _finding("locked", ", unless somebody lessens that", true)
}

deny contains finding if {
	_environment.spec.purpose == "production"
	_audit.retentionDays < 365
	finding := _finding("retentionDays", ", and an audit asks for a year", 365)
}

_environment := input.spec.environment

_audit := _environment.spec.audit

# No value to be written by a machine: there is no way back from it.
_finding(field, unlocked, wanted) := result.fail(
	rego.metadata.chain(),
	["environment", "spec", "audit", field],
	{
		"environment": _environment.metadata.name,
		"days": _audit.retentionDays,
		"unlocked": unlocked,
		"field": field,
		"wanted": wanted,
	},
)
