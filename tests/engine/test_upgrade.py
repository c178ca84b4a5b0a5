"""State that the last release wrote: today's program replaces and deletes nothing of it.

`states/` holds what the release's program left on the local cloud: a foundation, and a service with every
kind of store. A release writes it anew, after this test has passed, and commits it with its version:

    pytest -m engine tests/engine/test_upgrade.py --update-golden
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from stacks.programs.outputs import FoundationOutputs
from tests.engine.engine import Engine

pytestmark = pytest.mark.engine
STATES = Path(__file__).with_name("states")
STACKS = ("foundation.production", "service.customersdot.production")
GIVEN_UP = {
    "production-waf-baseline": "stood in front of nothing",
    **dict.fromkeys(
        ("customersdot-trial", "customersdot-cloud-connector", "customersdot-portal"),
        "its endpoint stands behind the policy of another with the same rules",
    ),
}
"""Security policies that this release deletes on purpose, once nothing uses them."""

PROVEN_ANEW = ("customers-acme-example", "_acme-challenge.customers.acme.example")
"""The certificate of a host behind a proxy, its authorization and record: others stand beside them."""

AS_ROLLOUTS = ("customersdot-web", "customersdot-api", "customersdot-jobs")
"""Deployments that end once the first copy of a Rollout in their place is up."""

KEEPING = {"same", "update", "create", "read"}
OF_A_MACHINE = ("created", "modified", "sourcePosition", "stackTrace")
"""What the engine notes of a resource besides what it is."""


def test_what_the_last_release_made_is_neither_replaced_nor_deleted(
    fresh: Engine, pytestconfig: pytest.Config
) -> None:
    for stack in STACKS:
        fresh.new(stack)
        if pytestconfig.getoption("--update-golden"):
            write(fresh, stack)
        imported = fresh.pulumi("stack", "import", "--file", str(STATES / f"{stack}.json"), "--stack", stack)
        assert imported.code == 0, imported.text
    for stack in STACKS:
        steps = fresh.preview(stack, "--show-sames")
        if stack.startswith("foundation."):
            give_outputs(fresh, stack)
        assert sum(step["op"] == "same" for step in steps) > 10, "the state was read"
        lost = [
            f"{step['op']} {step['urn']}"
            for step in steps
            if step["op"] not in KEEPING and not _is_given_up(step["urn"])
        ]
        assert lost == [], "give what moved an alias, or what changed a new generation of its name"


def give_outputs(engine: Engine, stack: str) -> None:
    """Puts in a foundation's state the outputs that its update would add: services wait for all of them."""
    state = json.loads((STATES / f"{stack}.json").read_text("utf-8"))
    root = next(each for each in state["deployment"]["resources"] if each["type"] == "pulumi:pulumi:Stack")
    names = [field.name for field in fields(FoundationOutputs)]
    root["outputs"] = dict.fromkeys(names, "known after the update") | root["outputs"]
    path = engine.folder / "with-outputs.json"
    path.write_text(json.dumps(state), "utf-8")
    imported = engine.pulumi("stack", "import", "--file", str(path), "--stack", stack)
    assert imported.code == 0, imported.text


def _is_given_up(urn: str) -> bool:
    kind, _, name = urn.removesuffix("}").rpartition("::")
    proofs = ("certificate:Certificate", "dnsAuthorization:DnsAuthorization", "recordSet:RecordSet")
    if kind.endswith(":Deployment"):
        return name in AS_ROLLOUTS
    return (name in PROVEN_ANEW and kind.endswith(proofs)) or (
        name in GIVEN_UP and kind.endswith(("securityPolicy:SecurityPolicy", "foundation:WafBaseline"))
    )


def write(engine: Engine, stack: str) -> None:
    """Makes the stack from nothing and keeps its state, a resource in each line."""
    done = engine.up(stack)
    assert done.code == 0, done.text
    exported = engine.folder / "exported.json"
    words = ("stack", "export", "--show-secrets", "--file", str(exported), "--stack", stack)
    assert engine.pulumi(*words).code == 0
    state = json.loads(exported.read_text("utf-8"))
    deployment = state["deployment"]
    resources = ",\n".join(json.dumps(scrubbed(one), sort_keys=True) for one in deployment["resources"])
    keys = json.dumps(deployment["secrets_providers"])  # of the passphrase that all tests have
    head = f'{{"version": {state["version"]}, "deployment": {{"manifest": {{}}, "secrets_providers": {keys},'
    STATES.mkdir(exist_ok=True)
    path = STATES / f"{stack}.json"
    path.write_text(f'{head} "resources": [\n{resources}\n]}}}}\n', "utf-8")


def scrubbed(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource of a state without secrets, and without what differs between machines."""
    kept = {name: value for name, value in resource.items() if name not in OF_A_MACHINE}
    kept.get("outputs", {}).pop("pave", None)
    plain: dict[str, Any] = json.loads(json.dumps(kept), object_hook=_without_secret)
    return plain


def _without_secret(value: dict[str, Any]) -> dict[str, Any]:
    return value | {"plaintext": '"secret"'} if "plaintext" in value else value
