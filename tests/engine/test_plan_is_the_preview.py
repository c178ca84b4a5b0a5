"""The recorded plan is what the real engine previews: every resource, input and option of every stack."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from pulumi.runtime.rpc import UNKNOWN

from catalog.loader import load
from stacks.recording.recorder import record
from stacks.stack import PROJECT, Stack, foundation_stack, parse_stack, program, stacks
from tests.engine.engine import FOUNDATIONS, HOME, Engine

pytestmark = pytest.mark.engine
Steps = list[dict[str, Any]]
STACKS = [str(stack) for stack in stacks(load(HOME / "catalog"))]

OPTIONS = {
    "protect": "protect",
    "retainOnDelete": "retainOnDelete",
    "dependencies": "dependsOn",
    "propertyDependencies": "propertyDependencies",
    "provider": "provider",
    "ignoreChanges": "ignoreChanges",
    "replaceOnChanges": "replaceOnChanges",
    "deletedWith": "deletedWith",
    "additionalSecretOutputs": "additionalSecretOutputs",
    "customTimeouts": "customTimeouts",
}
"""Name in the engine's state, name in the plan. Three options of the plan are in no state: `providers` (of
a component, for its children, whose `provider` says it), the SDK's `version`, and `aliases` of nothing that
the engine knows."""


def recorded(engine: Engine, stack: Stack) -> dict[str, Any]:
    """The plan by URN, with the foundation's outputs as they are on the engine."""
    catalog = load(engine.catalog)
    below = str(foundation_stack(stack.environment))
    references = {} if stack.is_foundation else {f"organization/{PROJECT}/{below}": engine.outputs(below)}
    config = {f"{PROJECT}:catalog": str(engine.catalog)}
    recording = record(
        program(catalog, stack), project=PROJECT, stack=str(stack), config=config, references=references
    )
    found = {}
    for resource in recording.resources:
        plain = json.loads(msgspec.json.encode(resource))
        options = {name: value for name, value in plain["options"].items() if name in OPTIONS.values()}
        if "customTimeouts" in options:  # the engine keeps seconds, without their unit
            options["customTimeouts"] = {
                name: float(text.removesuffix("s")) for name, text in options["customTimeouts"].items()
            }
        if not resource.read:
            found[resource.urn] = {**_identity(plain), "inputs": plain["inputs"], "options": options}
    return found


def previewed(steps: Steps) -> dict[str, Any]:
    """The same of the engine's own preview."""
    return {
        step["urn"]: _planned(step["newState"])
        for step in steps
        if step["op"] == "create" and step["newState"]["type"] != "pulumi:pulumi:Stack"
    }


def _identity(state: Mapping[str, Any]) -> dict[str, Any]:
    parent = state.get("parent")
    is_top = not parent or parent.split("::")[2] == "pulumi:pulumi:Stack"
    return {"type": state["type"], "custom": state["custom"], "parent": None if is_top else parent}


def _planned(state: dict[str, Any]) -> dict[str, Any]:
    dependencies = {
        name: sorted(urns) for name, urns in state.get("propertyDependencies", {}).items() if urns
    }
    inputs = {
        name: _marked(value, dependencies.get(name, []))
        for name, value in state.get("inputs", {}).items()
        if name != "__internal"  # the engine's own notes on a provider
    }
    options = {ours: state[name] for name, ours in OPTIONS.items() if state.get(name)}
    options["propertyDependencies"] = dependencies
    options["dependsOn"] = sorted(options.get("dependsOn", []))
    options["provider"] = options.get("provider", "").rpartition("::")[0]  # without the id
    return {**_identity(state), "inputs": inputs, "options": {k: v for k, v in options.items() if v}}


def _marked(value: Any, urns: list[str]) -> Any:
    if isinstance(value, dict):
        return {name: _marked(item, urns) for name, item in value.items()}
    if isinstance(value, list):
        return [_marked(item, urns) for item in value]
    return {"$unknown": urns} if value == UNKNOWN else value


@pytest.mark.parametrize("name", STACKS)
def test_a_recorded_plan_is_the_engines_preview(
    landed: Engine, first_previews: dict[str, Steps], name: str
) -> None:
    if name not in FOUNDATIONS:
        landed.forget(name)  # others may have made it before
        landed.new(name)
    theirs = previewed(first_previews[name] if name in FOUNDATIONS else landed.preview(name))
    ours = recorded(landed, parse_stack(name, load(landed.catalog)))
    assert sorted(ours) == sorted(theirs)
    assert len(ours) > 10
    for urn, resource in ours.items():
        for what in ("type", "custom", "parent", "inputs", "options"):
            assert resource[what] == theirs[urn][what], f"{what} of {urn}"
