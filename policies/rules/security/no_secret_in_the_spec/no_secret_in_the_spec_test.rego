package rules.security.no_secret_in_the_spec_test

import data.rules.security.no_secret_in_the_spec as rule

test_a_secret_by_its_name_fails_at_its_value_and_is_not_repeated if {
	rule.deny == {{
		"rule": "security/no-secret-in-the-spec",
		"path": ["service", "spec", "workloads", 0, "environment", 1, "value"],
		"params": {"place": "DB_PASSWORD", "kind": "what its name calls a secret"},
		"status": "failed",
	}} with input as _service([
		{"name": "RAILS_ENV", "value": "production", "secret": null},
		{"name": "DB_PASSWORD", "value": "hunter2", "secret": null},
	])
}

test_names_that_say_secret_fail if {
	names := [
		"PGPASSWORD", "MYSQL_PWD", "ZUORA_CLIENT_SECRET", "SALESFORCE_TOKEN", "STRIPE_API_KEY", "apikey",
		"JWT_SIGNING_KEY", "SECRET_KEY_BASE", "GOOGLE_CREDENTIALS", "AWS_SECRET_ACCESS_KEY", "ADMIN_PASSWD",
		"BACKUP_PASSPHRASE", "SERVICE_CREDENTIAL", "PRIVATE_KEY", "SECRET_KEY", "ENCRYPTION_KEY", "MASTER_KEY",
		"AUTH_KEY", "WEBHOOK_KEY", "DB_PASS", "PASS", "SMTP_PW", "PWD", "PASSWORD1", "API_TOKEN_2",
	]
	every name in names {
		_kinds(name, "correct horse battery staple") == {"what its name calls a secret"}
	}
}

test_a_secret_may_begin_as_a_path_or_end_as_a_reference if {
	every value in ["/Xk29dkA0qLm", "/Xk2/9dkA0+Lm=", "Xk29dkA0qLm${}", "Xk29dkA0$(OTHER)"] {
		_kinds("DB_PASSWORD", value) == {"what its name calls a secret"}
	}
}

test_a_key_that_looks_like_one_fails_whosever_it_is if {
	_kinds("STRIPE_KEY", "Xk29dkA0qLmXk29dkA0qLm") == {"what its name calls a secret"}
}

test_a_secret_in_a_query_or_an_option_fails if {
	texts := [
		"https://example.com/callback?password=Xk29dkA0q", "https://example.com/?a=1&api_key=Xk29dkA0q",
		"--token=Xk29dkA0qLm", "PGPASSWORD=horsebattery psql",
	]
	every text in texts {
		_kinds("SETTING", text) == {"what an option or a parameter calls a secret"}
	}
}

test_options_that_only_name_a_secret_pass if {
	texts := [
		"--token=/run/secrets/token", "--secret=projects/acme/secrets/token", "--require-password=true",
		"--password=$(DB_PASSWORD)", "https://example.com/callback?token=$(TOKEN)", "--token=my-secret-name",
	]
	every text in texts {
		_kinds("SETTING", text) == set()
	}
}

test_what_follows_an_option_that_is_called_a_secret_fails if {
	rule.deny == {{
		"rule": "security/no-secret-in-the-spec",
		"path": ["service", "spec", "workloads", 0, "args", 1],
		"params": {"place": "--db-password", "kind": "what an option or a parameter calls a secret"},
		"status": "failed",
	}} with input as _with_arguments(["--db-password", "hunter2", "--token", "--verbose", "--api-key", "$(API_KEY)", "token", "1"])
}

_with_arguments(words) := {"spec": {"service": {"spec": {"workloads": [{"environment": [], "command": [], "args": words}]}}}}

test_settings_about_secrets_pass if {
	settings := {
		"PASSWORD_MIN_LENGTH": "12",
		"TOKEN_TTL_SECONDS": "3600",
		"SECRET_KEY_BASE_FILE": "/run/secrets/base",
		"REQUIRE_PASSWORD": "true",
		"SESSION_TOKEN": "3600",
		"GOOGLE_CREDENTIALS": "/var/run/google.json",
		"PASSWORD_RESET_URL": "https://portal.example.com/reset",
		"CACHE_KEY": "v2",
		"BYPASS": "three words here",
		"CLIENT_API": "version two",
		"STRIPE_PUBLISHABLE_KEY": concat("_", ["pk", "live", "51HxPublicByDesign0000"]),
		"DB_PASSWORD": "$(SHARED_PASSWORD)",
		"API_TOKEN": "",
	}
	every name, value in settings {
		_kinds(name, value) == set()
	}
}

# Put together here, so that no scanner takes this file for a leak.
test_known_forms_of_secrets_fail_under_any_name if {
	secrets := [
		["a private key", "-----BEGIN RSA ", "PRIVATE KEY-----"],
		["a password in an address", "postgres://portal:", "hunter2@db.example.com/portal"],
		["a password in an address", "a://bc:", "defg@h"],
		["a GitLab token", "glpat", "-aaaaaaaaaaaaaaaaaaaa"],
		["a GitHub token", "ghp", "_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
		["a GitHub token", "github", "_pat_aaaaaaaaaaaaaaaaaaaaaa"],
		["a Stripe key", "sk", "_live_aaaaaaaaaaaaaaaaaaaaaaaa"],
		["a Stripe key", "whsec", "_aaaaaaaaaaaaaaaa"],
		["a Google key", "AIza", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
		["a Google key", "GOCSPX", "-aaaaaaaaaaaaaaaaaaaa"],
		["an AWS key", "AKIA", "AAAAAAAAAAAAAAAA"],
		["an AWS key", "ASIA", "AAAAAAAAAAAAAAAA"],
		["a Slack token", "xoxb", "-000000000000-aaaaaaaa"],
		["a Slack token", "https://hooks.slack", ".com/services/T00000000/B00000000/aaaaaaaa"],
		["a Mailgun or SendGrid key", "key-", "00000000000000000000000000000000"],
		["a Mailgun or SendGrid key", "SG", ".aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaa"],
		["an OpenAI or Anthropic key", "sk-proj", "-aaaaaaaaaaaaaaaaaaaaaaaa"],
		["an OpenAI or Anthropic key", "sk-ant-api03", "-aaaaaaaaaaaaaaaaaaaaaaaa"],
		["an npm token", "npm", "_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
		["a PyPI token", "pypi-AgE", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
		["a signed token", "eyJ", "aaaaaaaa.eyJaaaaaaaa.aaaaaaaa"],
	]
	every secret in secrets {
		_kinds("SETTING", concat("", [secret[1], secret[2]])) == {secret[0]}
	}
}

test_a_known_form_under_a_telling_name_is_one_finding if {
	_kinds("STRIPE_API_KEY", concat("", ["sk", "_live_aaaaaaaaaaaaaaaaaaaaaaaa"])) == {"a Stripe key"}
}

test_two_forms_in_one_value_are_one_finding if {
	value := concat("", ["https://portal:", "xoxb", "-000000000000-aaaaaaaa@example.com"])
	_kinds("SETTING", value) == {"a Slack token and a password in an address"}
}

test_addresses_without_a_password_pass if {
	addresses := [
		"https://portal.example.com:8443/path", "redis://cache.example.com:6379",
		"postgres://portal@db.example.com/portal", "postgres://portal:$(PASSWORD)@db.example.com/portal",
		"postgres://portal:<password>@db.example.com", "mailto:portal@example.com", "a://bc:def@g",
	]
	every address in addresses {
		_kinds("SETTING", address) == set()
	}
}

test_the_name_of_a_secret_is_none if {
	rule.deny == set() with input as _service([{"name": "DB_PASSWORD", "value": null, "secret": "db-password"}])
}

test_a_known_form_in_a_variable_fails_at_its_value_and_is_not_repeated if {
	token := concat("", ["glpat", "-aaaaaaaaaaaaaaaaaaaa"])
	document := _with(["spec", "workloads", 1, "environment", 2, "value"], token)
	rule.deny == {{
		"rule": "security/no-secret-in-the-spec",
		"path": ["service", "spec", "workloads", 1, "environment", 2, "value"],
		"params": {"place": "LAST", "kind": "a GitLab token"},
		"status": "failed",
	}} with input as document
}

test_a_secret_in_any_other_words_fails_there if {
	token := concat("", ["glpat", "-aaaaaaaaaaaaaaaaaaaa"])
	every path, place in {
		["metadata", "description"]: "description",
		["metadata", "links", 0, "url"]: "url",
		["spec", "workloads", 0, "environment", 0, "name"]: "name",
		["spec", "workloads", 0, "command", 12]: "command",
	} {
		rule.deny == {{
			"rule": "security/no-secret-in-the-spec",
			"path": array.concat(["service"], path),
			"params": {"place": place, "kind": "a GitLab token"},
			"status": "failed",
		}} with input as _with(path, concat(" ", ["Log in with", token]))
	}
}

_with(path, text) := {"spec": {"service": json.patch(
	{
		"metadata": {"description": "Words.", "links": [{"url": "https://example.com"}]},
		"spec": {"workloads": [_workload("SETTING"), _workload("LAST")]},
	},
	[{"op": "replace", "path": path, "value": text}],
)}}

_workload(last) := {
	"command": [word | some word in numbers.range(1, 13)],
	"environment": [{"name": name, "value": "on"} | some name in ["FIRST", "SECOND", last]],
}

_kinds(name, value) := kinds if {
	variable := {"name": name, "value": value, "secret": null}
	findings := rule.deny with input as _service([variable])
	kinds := {finding.params.kind | some finding in findings}
}

_service(variables) := {"spec": {"service": {"spec": {"workloads": [{
	"name": "web",
	"command": [],
	"environment": variables,
}]}}}}
