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
#   message: "`{place}` holds {kind}."
#   remediation: >-
#     Revoke it, for history keeps what was committed, and take it out. What a workload needs is set as the
#     version of a Secret Manager holder, outside, and a variable names that holder with `secret:`.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-shift-left-security
#     - https://cloud.google.com/secret-manager/docs/best-practices
#     - https://docs.gitlab.com/user/application_security/secret_detection/detected_secrets/
package rules.security.no_secret_in_the_spec

import rego.v2

import data.lib.result
import data.lib.words

deny contains finding if {
	some path, kinds in _found
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service"], path),
		{"place": _place(path), "kind": words.listed(sort(kinds))},
	)
}

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	some j, variable in workload.environment
	is_string(variable.value)
	_is_secret_of(lower(variable.name), variable.value)
	path := ["spec", "workloads", i, "environment", j, "value"]
	not _found[path]
	not regex.match(_harmless, variable.value)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service"], path),
		{"place": variable.name, "kind": "what its name calls a secret"},
	)
}

# An option that is called a secret, and what follows it.
deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	some field in ["command", "args"]
	some j, option in workload[field]
	regex.match(`(?i)^--?([a-z0-9_.-]*-)?(password|passwd|passphrase|secret|token|(api|access|private)-?key)$`, option)
	path := ["spec", "workloads", i, field, j + 1]
	value := workload[field][j + 1]
	not startswith(value, "-")
	not _found[path]
	not regex.match(_harmless, value)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["service"], path),
		{"place": option, "kind": "what an option or a parameter calls a secret"},
	)
}

# A secret is as public in a description or a link as in a variable.
_found[path] contains kind if {
	some sign, [kind, pattern] in _forms
	contains(_all, sign)
	some [path, text] in _texts
	contains(text, sign)
	regex.match(pattern, text)
}

_texts := [[path, text] | walk(input.spec.service, [path, text]); is_string(text); count(text) > 12]

_all := concat(" ", [text | some [_, text] in _texts])

# The name of a variable, else of the field.
_place(path) := input.spec.service.spec.workloads[path[2]].environment[path[4]].name if {
	path[5] == "value"
} else := fields[count(fields) - 1] if fields := [step | some step in path; is_string(step)]

# `PASSWORD1` is called so as `PASSWORD` is.
_is_secret_of(name, _) if _is_called_secret(trim_right(trim_right(name, "0123456789"), "_"))

# A key that isn't called secret is one by what it looks like: `SORT_KEY` and `STRIPE_PUBLISHABLE_KEY` are none.
_is_secret_of(name, value) if {
	endswith(trim_right(name, "0123456789_"), "key")
	not regex.match(`public|publishable|_id_key$`, name)
	every sort in [`^[0-9A-Za-z+/=_.-]{16,}$`, `[0-9]`, `[a-z]`, `[A-Z]`] {
		regex.match(sort, value)
	}
}

# The name has to end so: `PASSWORD_MIN_LENGTH`, `TOKEN_TTL` and `SECRET_FILE` are settings.
_is_called_secret(name) if {
	some ending in [
		"password", "passwd", "passphrase", "_pwd", "_pass", "_pw", "secret", "token", "credential", "credentials",
		"secret_key_base",
	]
	endswith(concat("", ["_", name]), ending)
}

_is_called_secret(name) if {
	endswith(name, "key")
	some word in ["api", "access", "private", "secret", "signing", "encryption", "master", "auth", "webhook"]
	endswith(trim_suffix(trim_suffix(name, "key"), "_"), word)
}

# Switches, short numbers, paths of files, addresses without credentials, and references filled in elsewhere. A
# secret may begin with a slash, or with a reference: only what is nothing else counts.
_harmless := concat("", [
	`(?i)^(|true|false|yes|no|on|off|none|null|optional|required|[0-9]{1,5}`,
	`|\.{1,2}(/[\w.-]+)+|https?://.*|(\$\(\w+\)|\$\{\w+\})+`,
	`|/(app|certs?|config|data|etc|home|keys?|mnt|opt|run|secrets?|srv|tmp|usr|var|vault)(/[\w.-]+)+)$`,
])

# By a part that every secret of the form has: looking for that costs a hundredth of the pattern.
_forms := {
	"PRIVATE KEY": ["a private key", `-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY`],
	"://": ["a password in an address", `://[^/\s:@]*:[^/\s@$<{*]{3,}@`],
	"gl": ["a GitLab token", `\bgl(pat|ptt|dt|rt|rtr|soat|oas|ft|ffct|imt|agent|cbt|wt)-[0-9A-Za-z_.-]{20,}`],
	"gh": ["a GitHub token", `\bgh[pousr]_[0-9A-Za-z]{36}`],
	"github_pat_": ["a GitHub token", `\bgithub_pat_[0-9A-Za-z_]{22,}`],
	"k_": ["a Stripe key", `\b[sr]k_(live|test)_[0-9A-Za-z]{16,}`],
	"whsec_": ["a Stripe key", `\bwhsec_[0-9A-Za-z+/=]{16,}`],
	"AIza": ["a Google key", `\bAIza[0-9A-Za-z_-]{35}`],
	"GOCSPX-": ["a Google key", `\bGOCSPX-[0-9A-Za-z_-]{20,}`],
	"AKIA": ["an AWS key", `\bAKIA[0-9A-Z]{16}\b`],
	"ASIA": ["an AWS key", `\bASIA[0-9A-Z]{16}\b`],
	"xox": ["a Slack token", `\bxox[abeoprs]-[0-9A-Za-z-]{10,}`],
	"hooks.slack": ["a Slack token", `hooks\.slack\.com/services/[A-Z0-9]{6,}/`],
	"key-": ["a Mailgun or SendGrid key", `\bkey-[0-9a-f]{32}\b`],
	"SG.": ["a Mailgun or SendGrid key", `\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}`],
	"sk-": ["an OpenAI or Anthropic key", `\bsk-((proj|svcacct|admin|ant-[a-z0-9]+)-[0-9A-Za-z_-]{20,}|[0-9A-Za-z]{48})`],
	"npm_": ["an npm token", `\bnpm_[0-9A-Za-z]{36}`],
	"pypi-": ["a PyPI token", `\bpypi-AgE[0-9A-Za-z_-]{30,}`],
	"=": ["what an option or a parameter calls a secret", concat("", [
		`(?i)(^|[\s?&;"'-])[\w.-]*(`,
		`(password|passwd|passphrase|pwd)[0-9]*=[^\s&$<{*/:]{6,}`,
		`|(secret|token|(api|access|private)[-_]?key)[0-9]*=[^\s&$<{*/:]{5,}[0-9][^\s&$<{*/:]*)($|[\s&;"'])`,
	])],
	"eyJ": ["a signed token", `\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`],
}
