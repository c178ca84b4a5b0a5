"""An organisation's own rules at the gate: named by the project's configuration, asked beside the shipped
ones, and never left out because they can't be used."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pulumi
import pytest

from catalog.loader import load
from pave.delivery.engine.stack import on_day
from policies.building.opa import MissingOpaError
from policies.engines.answer import FUEL
from stacks.gate.gate import run_gated
from stacks.recording.model import Recording
from stacks.recording.recorder import record
from tests.policies.scratch import ENDLESS, firing_if, text_of, write

STACK = "foundation.staging"
RULE = "cost/foundations-are-dear"
FIRES = firing_if("input.spec.environment").replace('["service"]', '["environment"]')

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "own"


@pytest.fixture
def gated(shipped: Path, today: date) -> Callable[[Path | str | None], Recording]:
    """Runs the gated program of a stack with this configuration of own rules."""

    def run(own: Path | str | None) -> Recording:
        config: dict[str, Any] = {} if own is None else {"pave:policies": str(own)}
        return record(
            lambda: run_gated(load(shipped), shipped, STACK, on_day(today)),
            project="pave",
            stack=STACK,
            config=config,
        )

    return run


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
@pytest.mark.parametrize("is_relative", [False, True])
def test_an_own_rule_blocks_a_stack(
    own: Path, gated: Callable[..., Recording], is_relative: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_relative:
        monkeypatch.setattr("stacks.gate.own_rules.home", lambda: own.parent)
    write(own, RULE, text_of(RULE, FIRES).replace("level: 2", "level: 1"))
    with pytest.raises(pulumi.RunError) as error:
        gated(own.name if is_relative else own)
    assert str(error.value).startswith("BLOCKED  foundation · staging: 1 block")
    assert RULE in str(error.value)


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_with_own_rules_the_shipped_ones_are_asked_too(own: Path, gated: Callable[..., Recording]) -> None:
    write(own, RULE, text_of(RULE, firing_if("input.spec.today < 0")))
    recording = gated(own)
    plain = gated(None)
    assert recording.resources == plain.resources
    counted = [each.outputs["pave"]["decision"]["rules"] for each in (recording, plain)]
    assert counted[0] == counted[1] + 1
    assert recording.outputs["pave"]["rules"] != plain.outputs["pave"]["rules"]


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_an_own_rule_that_loops_stops_the_stack_and_is_named(
    own: Path, gated: Callable[..., Recording]
) -> None:
    write(own, RULE, text_of(RULE, ENDLESS))
    with pytest.raises(pulumi.RunError) as error:
        gated(own)
    assert str(error.value) == f"pave can't judge {STACK}: rule {RULE} needs more than {FUEL:,} steps"


def test_own_rules_that_are_not_there_or_can_not_be_compiled_stop_the_stack(
    own: Path, gated: Callable[..., Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(pulumi.RunError, match=f"pave can't judge {STACK}: There is no folder {own}"):
        gated(own)
    with pytest.raises(pulumi.RunError, match="There are no rules in "):
        gated("")
    write(own, RULE, text_of(RULE, FIRES))

    def missing(_: Path) -> Path:
        raise MissingOpaError("opa is needed: make tools")

    monkeypatch.setattr("policies.building.opa.find_opa", missing)
    with pytest.raises(pulumi.RunError, match="have to be compiled once, together with those of pave: opa"):
        gated(own)
