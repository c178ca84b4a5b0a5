# METADATA
# title: No secret stands in the spec
# description: >-
#   What is committed once is in every clone, mirror and backup for good. A secret belongs into Secret
#   Manager, where it can be rotated and whoever reads it is logged; the spec only names it.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "{place} of workload {workload} holds {kind}."
#   remediation: >-
#     Write the variable with `secret:` and the name of a Secret Manager holder, set its version outside,
#     and revoke what was committed: history keeps it.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-shift-left-security
#     - https://cloud.google.com/secret-manager/docs/best-practices
#     - https://docs.gitlab.com/user/application_security/secret_detection/detected_secrets/
package rules.security.no_secret_in_the_spec

import rego.v2

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	some j, variable in workload.environment
	variable.value != null
	kind := _kind(variable)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "environment", j, "value"],
		{"workload": workload.name, "place": variable.name, "kind": kind},
	)
}

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	some j, word in workload.command
	kind := _known(word)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "command", j],
		{"workload": workload.name, "place": "The command", "kind": kind},
	)
}

_kind(variable) := _known(variable.value)

_kind(variable) := "what its name calls a secret" if {
	not _known(variable.value)
	regex.match(_secret_name, variable.name)
	not regex.match(_harmless, variable.value)
}

_known(text) := concat(" and ", kinds) if {
	kinds := sort([kind | some kind, pattern in _patterns; regex.match(pattern, text)])
	count(kinds) > 0
}

# The name has to end so: `PASSWORD_MIN_LENGTH`, `TOKEN_TTL` and `SECRET_FILE` are settings.
_secret_name := concat("", [
	`(?i)(password|passwd|passphrase|_pwd|secret|token|credentials?|secret_key_base`,
	`|(api|access|private|secret|signing|encryption|master|auth|webhook)_?key)$`,
])

# Switches, short numbers, paths, addresses without credentials, and references filled in elsewhere.
_harmless := concat("", [
	`(?i)^(|true|false|yes|no|on|off|none|null|optional|required|[0-9]{1,5}`,
	`|\.{0,2}/.*|https?://.*|.*\$[({].*)$`,
])

_patterns := {
	"a private key": `-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY`,
	"a password in an address": `://[^/\s:@]*:[^/\s@$<{*]{3,}@`,
	"a GitLab token": `\bgl(pat|ptt|dt|rt|rtr|soat|oas|ft|ffct|imt|agent|cbt|wt)-[0-9A-Za-z_.-]{20,}`,
	"a GitHub token": `\b(gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{22,})`,
	"a Stripe key": `\b([sr]k_(live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z+/=]{16,})`,
	"a Google key": `\b(AIza[0-9A-Za-z_-]{35}|GOCSPX-[0-9A-Za-z_-]{20,})`,
	"an AWS key": `\b(AKIA|ASIA)[0-9A-Z]{16}\b`,
	"a Slack token": `\bxox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/[A-Z0-9]{6,}/`,
	"a Mailgun or SendGrid key": `\bkey-[0-9a-f]{32}\b|\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}`,
	"a signed token": `\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`,
}
