# METADATA
# title: No secret stands in the spec
# description: >-
#   What is committed once is in every clone, mirror and backup for good. A secret belongs into Secret
#   Manager, where it can be rotated and whoever reads it is logged; the spec only names it.
# custom:
#   level: 1
#   severity: error
#   waivable: false
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
	_is_called_secret(lower(variable.name))
	not regex.match(_harmless, variable.value)
}

_known(text) := concat(" and ", sort(kinds)) if {
	kinds := {known.kind | some known in _forms; contains(text, known.sign); regex.match(known.pattern, text)}
	count(kinds) > 0
}

# The name has to end so: `PASSWORD_MIN_LENGTH`, `TOKEN_TTL` and `SECRET_FILE` are settings.
_is_called_secret(name) if {
	some ending in [
		"password", "passwd", "passphrase", "_pwd", "secret", "token", "credential", "credentials", "secret_key_base",
	]
	endswith(name, ending)
}

_is_called_secret(name) if {
	endswith(name, "key")
	some word in ["api", "access", "private", "secret", "signing", "encryption", "master", "auth", "webhook"]
	endswith(trim_suffix(trim_suffix(name, "key"), "_"), word)
}

# Switches, short numbers, paths, addresses without credentials, and references filled in elsewhere.
_harmless := concat("", [
	`(?i)^(|true|false|yes|no|on|off|none|null|optional|required|[0-9]{1,5}`,
	`|\.{0,2}/.*|https?://.*|.*\$[({].*)$`,
])

# `sign` is a part that every secret of the form has: looking for it costs a hundredth of the pattern.
_forms := [
	{"kind": "a private key", "sign": "PRIVATE KEY", "pattern": `-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY`},
	{"kind": "a password in an address", "sign": "://", "pattern": `://[^/\s:@]*:[^/\s@$<{*]{3,}@`},
	{
		"kind": "a GitLab token",
		"sign": "gl",
		"pattern": `\bgl(pat|ptt|dt|rt|rtr|soat|oas|ft|ffct|imt|agent|cbt|wt)-[0-9A-Za-z_.-]{20,}`,
	},
	{
		"kind": "a GitHub token",
		"sign": "gh",
		"pattern": `\bgh[pousr]_[0-9A-Za-z]{36}`,
	},
	{"kind": "a GitHub token", "sign": "github_pat_", "pattern": `\bgithub_pat_[0-9A-Za-z_]{22,}`},
	{"kind": "a Stripe key", "sign": "k_", "pattern": `\b[sr]k_(live|test)_[0-9A-Za-z]{16,}`},
	{"kind": "a Stripe key", "sign": "whsec_", "pattern": `\bwhsec_[0-9A-Za-z+/=]{16,}`},
	{"kind": "a Google key", "sign": "AIza", "pattern": `\bAIza[0-9A-Za-z_-]{35}`},
	{"kind": "a Google key", "sign": "GOCSPX-", "pattern": `\bGOCSPX-[0-9A-Za-z_-]{20,}`},
	{"kind": "an AWS key", "sign": "AKIA", "pattern": `\bAKIA[0-9A-Z]{16}\b`},
	{"kind": "an AWS key", "sign": "ASIA", "pattern": `\bASIA[0-9A-Z]{16}\b`},
	{"kind": "a Slack token", "sign": "xox", "pattern": `\bxox[abeoprs]-[0-9A-Za-z-]{10,}`},
	{"kind": "a Slack token", "sign": "hooks.slack", "pattern": `hooks\.slack\.com/services/[A-Z0-9]{6,}/`},
	{"kind": "a Mailgun or SendGrid key", "sign": "key-", "pattern": `\bkey-[0-9a-f]{32}\b`},
	{
		"kind": "a Mailgun or SendGrid key",
		"sign": "SG.",
		"pattern": `\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}`,
	},
	{
		"kind": "a signed token",
		"sign": "eyJ",
		"pattern": `\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`,
	},
]
