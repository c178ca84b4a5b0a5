"""What the source of a rule must be: its METADATA, and a shape that can't fail open unnoticed."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

import jsonschema
import msgspec

from policies.rule import DOCUMENTS, PILLARS, Rule, Stake, placeholders

_TEXT = {"type": "string", "pattern": r"\S", "description": "a text"}
_FIELD = r"^spec(\.[a-zA-Z]+)+$"

METADATA: dict[str, Any] = {
    "type": "object",
    "required": ["title", "description", "custom"],
    "properties": {
        "title": _TEXT,
        "description": _TEXT,
        "custom": {
            "type": "object",
            "description": "the rule's own fields",
            "required": ["level", "severity", "stages", "message", "remediation", "references"],
            "additionalProperties": False,
            "properties": {
                "level": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 5,
                    "description": "a maturity level from 1 to 5",
                },
                "severity": {
                    "enum": ["error", "warning", "info"],
                    "description": "error, warning or info",
                },
                "stages": {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": {"enum": ["spec", "plan", "state"], "description": "spec, plan or state"},
                    "description": "a list of spec, plan and state",
                },
                "message": _TEXT,
                "remediation": _TEXT,
                "waivable": {"type": "boolean", "description": "true or false"},
                "guards": {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": {
                        "enum": list(get_args(Stake)),
                        "description": f"one of {', '.join(get_args(Stake))}",
                    },
                    "description": "a list of what may be at stake, as in [public, data]",
                },
                "declared": {
                    "type": "object",
                    "required": ["field"],
                    "additionalProperties": False,
                    "properties": {
                        "field": {
                            "type": ["string", "array"],
                            "pattern": _FIELD,
                            "minItems": 1,
                            "items": {"type": "string", "pattern": _FIELD},
                            "description": "a field, or a list of them",
                        },
                        "beside": {
                            "type": "object",
                            "minProperties": 1,
                            "additionalProperties": {"type": "string"},
                            "description": "what stands beside the field, as in {mode: enforce}",
                        },
                        "purposes": {
                            "type": "array",
                            "items": {"enum": ["production", "staging", "development"]},
                        },
                        "proof": {"type": "string", "pattern": "^[a-z]+/[a-z][a-z-]*$"},
                        "tiers": {"type": "array", "items": {"enum": ["critical", "standard", "internal"]}},
                    },
                    "description": "the field that is believed, as in {field: spec.jobs}",
                },
                "references": {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": {
                        "type": "string",
                        "pattern": r"^https://[^\s/]+\.[^\s/]+(/\S*)?$",
                        "description": "an https URL",
                    },
                    "description": "a list of different https URLs, at least one",
                },
            },
        },
    },
}
"""JSON Schema of the METADATA above a rule's package. `message` and `remediation` are templates: `{name}` is
a parameter that the rule gives to `result.fail`. Id and pillar aren't there: the folder says them."""


class SourceFault(NamedTuple):
    """What is wrong with a source, and on which line, from 1."""

    line: int
    what: str


class Source(NamedTuple):
    """A Rego file: its path below `policies/`, its text, its syntax tree (as `rego.parse_module` gives it)
    and the METADATA above its package, empty if there is none."""

    path: str
    text: str
    module: dict[str, Any]
    metadata: dict[str, Any]


def rule_of(source: Source) -> Rule:
    """The rule that a source without faults describes."""
    _, pillar, name, _ = source.path.split("/")
    metadata = source.metadata
    fields = {"id": f"{pillar}/{name.replace('_', '-')}", "pillar": pillar, "title": metadata["title"]}
    fields["description"] = " ".join(metadata["description"].split())
    return msgspec.convert(fields | metadata["custom"], Rule)


def faults(source: Source) -> Iterator[SourceFault]:
    """All that is wrong with a source; of a rule, the METADATA and the way it makes its findings too."""
    if any(node.get("negated") for node in _nodes(source.module)):
        what = "this `not` doesn't hold for a missing value, so its rule passes: add `import rego.v2`"
        yield SourceFault(_line(source, r"^[^#]*\bnot\b"), what)
    if source.path.startswith("rules/"):
        yield from _misplaced(source)
        yield from _misdescribed(source)
        yield from _misjudging(source)
        yield from _unfillable(source)


def _misplaced(source: Source) -> Iterator[SourceFault]:
    parts = source.path.split("/")
    if len(parts) != 4 or parts[3] != f"{parts[2]}.rego" or not re.fullmatch(r"[a-z][a-z0-9_]*", parts[2]):
        yield SourceFault(1, "a rule is the file rules/<pillar>/<rule_name>/<rule_name>.rego")
        return
    if parts[1] not in PILLARS:
        yield SourceFault(1, f"{parts[1]} is no pillar; there are {', '.join(PILLARS)}")
    if [part["value"] for part in source.module["package"]["path"]] != ["data", *parts[:3]]:
        yield SourceFault(_line(source, r"^package\b"), f"the package is its folder's: {'.'.join(parts[:3])}")


def _misdescribed(source: Source) -> Iterator[SourceFault]:
    if not source.metadata:
        yield SourceFault(
            _line(source, r"^package\b"), "the rule has no `# METADATA` right above its package"
        )
        return
    errors = jsonschema.Draft202012Validator(METADATA).iter_errors(source.metadata)
    for error in sorted(errors, key=lambda error: [str(step) for step in error.absolute_path]):
        names = [str(step) for step in error.absolute_path if isinstance(step, str)]
        where = _line(source, rf"^#\s*{names[-1]}:") if names else 1
        if error.validator in {"required", "additionalProperties"}:
            yield SourceFault(where, f"METADATA: {error.message}")
        else:
            place = ".".join(names)
            yield SourceFault(
                where, f"METADATA: {place} must be {error.schema['description']}, not {error.instance!r}"
            )


def _misjudging(source: Source) -> Iterator[SourceFault]:
    """Findings that the engine would not collect, or would refuse."""
    denies = [
        rule["head"] for rule in source.module.get("rules", []) if rule["head"]["ref"][0]["value"] == "deny"
    ]
    if not denies or any("key" not in head or len(head["ref"]) != 1 for head in denies):
        yield SourceFault(_line(source, r"^(default )?deny\b"), "a rule is `deny contains finding if { … }`")
    calls = [call for call in _calls(source.module) if call[0] == "data.lib.result.fail"]
    if not calls:
        yield SourceFault(_line(source, r"^deny\b"), "only `result.fail` of data.lib.result makes a finding")
    place = _line(source, r"\bfail\(")
    custom = source.metadata.get("custom", {})
    for _, *arguments in calls:
        if len(arguments) != 3 or [name for name, *_ in _calls(arguments[0])] != ["rego.metadata.chain"]:
            yield SourceFault(place, "a finding is `result.fail(rego.metadata.chain(), path, params)`")
            continue
        yield from _out_of_stage(custom, arguments[1], place)


def _unfillable(source: Source) -> Iterator[SourceFault]:
    """Parameters of the templates that no object in the source has as a key."""
    objects = [node["value"] for node in _nodes(source.module) if node.get("type") == "object"]
    given = {key["value"] for pairs in objects for key, _ in pairs if key["type"] == "string"}
    for name in ("message", "remediation"):
        template = source.metadata.get("custom", {}).get(name, "")
        where = _line(source, rf"^#\s*{name}:")
        try:
            missing = sorted(placeholders(str(template)) - given)
        except ValueError as error:
            yield SourceFault(where, f"METADATA: custom.{name}: {error}")
            continue
        for parameter in missing:
            yield SourceFault(
                where, f"METADATA: custom.{name} has {{{parameter}}}, which the rule gives no finding"
            )


def _out_of_stage(custom: dict[str, Any], path: Any, place: int) -> Iterator[SourceFault]:
    stages = [stage for stage in custom.get("stages", []) if stage in DOCUMENTS]
    documents = [document for stage in stages for document in DOCUMENTS[stage]]
    start = path["value"][0] if path["type"] == "array" and path["value"] else {}
    if documents and start.get("type") == "string" and start["value"] not in documents:
        what = f"a rule of stages {', '.join(stages)} judges {' or '.join(documents)}, not {start['value']}"
        yield SourceFault(place, what)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each)


def _calls(tree: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Every call within a syntax tree: the function's full name, and its arguments' trees."""
    aliases = {}
    for each in tree.get("imports", []):
        steps = [step["value"] for step in each["path"]["value"]]
        aliases[each.get("alias", steps[-1])] = steps
    for node in _nodes(tree):
        if node.get("type") == "call" and node["value"][0]["type"] == "ref":
            steps = [step["value"] for step in node["value"][0]["value"]]
            yield ".".join(map(str, aliases.get(steps[0], steps[:1]) + steps[1:])), *node["value"][1:]


def _line(source: Source, pattern: str) -> int:
    """The first line that the pattern matches, or the first of all."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if re.search(pattern, line):
            return number
    return 1
