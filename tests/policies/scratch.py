"""Policies made up for a test: the shipped framework around other rules."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from policies.building.build import build
from policies.rule import Bundle, Manifest
from tests.policies.opa_servers import POLICIES

EXAMPLE = "reliability/database-is-regional"

_HEAD = """\
# METADATA
# title: Databases survive the loss of a zone
# description: >-
#   A zonal database is gone for as long as its zone is,
#   and its service with it.
# custom:
#   level: 2
#   severity: error
#   stages: [STAGE]
#   message: "Database {store} runs in one zone."
#   remediation: "Set `availability: regional` on store {store}."
#   references: ["https://cloud.google.com/sql/docs/postgres/high-availability"]
package PACKAGE

import data.lib.result
"""

_EXAMPLE_BODY = """
deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.kind == "postgres"
	store.availability != "regional"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "availability"],
		{"store": store.name, "expected": "regional"},
	)
}
"""


def path_of(rule: str) -> str:
    """Where a rule is in a folder of policies."""
    pillar, name = rule.replace("-", "_").split("/")
    return f"rules/{pillar}/{name}/{name}.rego"


def text_of(rule: str = EXAMPLE, body: str = _EXAMPLE_BODY, stage: str = "spec") -> str:
    """The Rego of a rule with this body, which may call `result.fail` with `store` among the parameters."""
    package = path_of(rule).rsplit("/", 1)[0].replace("/", ".")
    return _HEAD.replace("PACKAGE", package).replace("STAGE", stage) + body


def firing_if(condition: str) -> str:
    """The body of a rule that fires where a condition holds."""
    return f"""
deny contains finding if {{
	{condition}
	finding := result.fail(rego.metadata.chain(), ["service"], {{"store": "any"}})
}}
"""


LOOP = firing_if(
    """some i in input.spec.many
	some j in input.spec.many
	some k in input.spec.many
	i != j
	j != k
	i == k"""
)
"""A rule that looks at every triple of `input.spec.many`, and never fires."""

ENDLESS = LOOP.replace("some i", "all := numbers.range(0, 2000)\n\tsome i").replace("input.spec.many", "all")
"""The same on any document, for longer than an evaluation may take."""

GIANT = firing_if(
    "count([[x, y, z] | x := input.spec.many[_]; y := input.spec.many[_]; z := input.spec.many[_]]) == 3"
)
"""A rule that makes a list of every triple of `input.spec.many`."""

WIDE = firing_if('text := concat("", [input.spec.name | some _ in numbers.range(0, 899)])').replace(
    '"any"', "text"
)
"""A rule whose finding holds `input.spec.name` nine hundred times."""

TWICE = f"""\
{firing_if("_number(input.spec) == 1")}
_number(spec) := 1 if spec.many

_number(spec) := 2 if spec.name
"""
"""A rule with a function that has two values for a spec with `many` and `name`."""


def policies(root: Path, rules: Mapping[str, str]) -> Path:
    """A folder of policies with these rules, Rego by id; not compiled."""
    shutil.copytree(POLICIES / "lib", root / "lib")
    for path in ("main.rego", "capabilities.json"):
        shutil.copy(POLICIES / path, root / path)
    for rule, text in rules.items():
        write(root, rule, text)
    return root


def write(root: Path, rule: str, text: str) -> Path:
    """One rule in a folder of policies."""
    path = root / path_of(rule)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def bundle_of(root: Path, opa: Path) -> Bundle:
    """The bundle of a folder of policies."""
    files = build(root, opa)
    manifest = msgspec.json.decode(files["rules.json"], type=Manifest)
    return Bundle(manifest.revision, {rule.id: rule for rule in manifest.rules}, files["policy.wasm"])
