"""A new rule that works: its Rego, its test and its two fixtures, to be made into what is meant."""

import re
from pathlib import Path

from policies.rule import PILLARS

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

RULE = """\
# METADATA
# title: Services say what they are for
# description: >-
#   Whoever is called at night, or asked whether something may be turned off, looks the service up. A name
#   alone doesn't tell them.
# custom:
#   level: 1
#   severity: info
#   stages: [spec]
#   message: "{service} doesn't say what it is for."
#   remediation: "Write a sentence for a stranger as `metadata.description`."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/operational-excellence
package rules.PILLAR.FOLDER

import data.lib.result

# This rule works. Make it yours: the METADATA says what it asks for and why, and the body finds what breaks
# it. `pave input SERVICE` prints all that a rule can look at. A finding's path leads to the value to edit;
# its parameters fill the {braces} above, and `expected`, if it gives one, is what `pave fix` writes there.
# With `severity: error` it blocks the services whose target level is at least its `level`.
deny contains finding if {
	metadata := input.spec.service.metadata
	metadata.description == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "metadata", "description"],
		{"service": metadata.name},
	)
}
"""

TEST = """\
package rules.PILLAR.FOLDER_test

import data.rules.PILLAR.FOLDER as rule

test_a_service_without_a_description_fails if {
	rule.deny == {{
		"rule": "PILLAR/NAME",
		"path": ["service", "metadata", "description"],
		"params": {"service": "portal"},
		"status": "failed",
	}} with input as _service(null)
}

test_a_service_with_one_passes if {
	rule.deny == set() with input as _service("Sells subscriptions.")
}

_service(description) := {"spec": {"service": {"metadata": {"name": "portal", "description": description}}}}
"""

SERVICE = """\
apiVersion: pave/v1
kind: Service
metadata:
  name: portal
  owner: fulfillment-platform
spec:
  tier: standard
  stage: ga
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/portal@sha256:DIGEST
""".replace("DIGEST", "5f0e2a6b8c1d4e7f9a3b6c9d2e5f8a1b4c7d0e3f6a9b2c5d8e1f4a7b0c3d6e9f")


def check_id(rule: str) -> str | None:
    """What is wrong with the id of a new rule (`reliability/backups-are-kept`); None if nothing is."""
    pillar, slash, name = rule.partition("/")
    if not slash or pillar not in PILLARS:
        return f"`{rule}` is not PILLAR/NAME. The pillars are {', '.join(PILLARS)}."
    if not _NAME.fullmatch(name):
        suggestion = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")
        hint = f" Write `{pillar}/{suggestion}`." if suggestion else " Write it like `backups-are-kept`."
        return f"`{name}` is no name of a rule: small letters, digits, and `-` between words.{hint}"
    if name.endswith("-test"):
        return f"`{name}` ends like a test, and would never be asked. Name it for what it asks for."
    return None


def folder_of(rule: str) -> Path:
    """Where a rule is, from the folder of the policies."""
    pillar, name = rule.split("/")
    return Path("rules", pillar, name.replace("-", "_"))


def files(rule: str) -> dict[str, str]:
    """The files of a new rule, by their names in its folder."""
    pillar, name = rule.split("/")
    folder = name.replace("-", "_")

    def filled(template: str) -> str:
        return template.replace("PILLAR", pillar).replace("FOLDER", folder).replace("NAME", name)

    return {
        f"{folder}.rego": filled(RULE),
        f"{folder}_test.rego": filled(TEST),
        "failing.yaml": SERVICE,
        "passing.yaml": SERVICE.replace(
            "  name: portal\n", "  name: portal\n  description: Sells subscriptions.\n"
        ),
    }
