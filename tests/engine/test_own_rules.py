"""An organisation's own rules on the real engine: named in `Pulumi.yaml`, they stop `pulumi up`, and named to
`pave up`, they stop that."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.in_force import rules_in_force
from tests.engine.engine import Engine
from tests.engine.road import Road
from tests.policies.scratch import firing_if, text_of, write

pytestmark = [pytest.mark.engine, pytest.mark.opa]
STACK = "foundation.staging"
RULE = "cost/foundations-are-dear"
FIRES = firing_if("input.spec.environment").replace('["service"]', '["environment"]')


@pytest.mark.usefixtures("opa")
def test_what_the_project_names_is_asked_by_the_gate(fresh: Engine, tmp_path: Path) -> None:
    write(tmp_path / "own", RULE, text_of(RULE, FIRES).replace("level: 2", "level: 1"))
    fresh.new(STACK)
    settings = fresh.project / "Pulumi.yaml"
    settings.write_text(f"{settings.read_text()}  pave:policies:\n    value: {tmp_path / 'own'}\n")
    done = fresh.up(STACK)
    assert done.code != 0
    assert f"✗ {RULE}" in done.text
    assert fresh.cloud.store.calls() == []
    settings.write_text(settings.read_text().replace("/own", "/gone"))
    done = fresh.up(STACK)
    assert f"pave can't judge {STACK}: There is no folder {tmp_path / 'gone'}." in done.text
    assert fresh.cloud.store.calls() == []


def sealed(road: Road) -> dict[str, Any]:
    """What the gate has written into the state of the stack."""
    (file,) = (road.state / "pulumi" / "backend").rglob(f"stacks/**/{STACK}.json")
    (root, *_) = json.loads(file.read_bytes())["checkpoint"]["latest"]["resources"]
    found: dict[str, Any] = root["outputs"]["pave"]
    return found


@pytest.mark.usefixtures("opa")
def test_what_pave_up_is_told_of_is_asked_by_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = tmp_path / "our rules"
    rule = write(own, RULE, text_of(RULE, FIRES).replace("level: 2", "level: 1"))
    road = Road(tmp_path)
    try:
        for words in (("preview", STACK), ("up", STACK, "--yes")):
            done = road.pave(*words, "--policies", str(own))
            assert done.code == 1, done.text
            assert f"✗ {RULE}" in done.text
        rule.write_text(text_of(RULE, firing_if("input.spec.today < 0")))
        plan = str(tmp_path / "plan")
        seen = road.pave("preview", STACK, "--policies", str(own), "--save", plan)
        assert f" --policies '{own}' --plan {plan}\n" in seen.text
        assert road.calls() == []
        other = road.pave("up", STACK, "--plan", plan)
        assert "The plan can't be applied any more. " in other.text, "without those rules"
        assert road.calls() == []
        done = road.pave("up", STACK, "--policies", str(own), "--plan", plan)
        assert done.code == 0, done.text
        assert sealed(road)["rules"] == rules_in_force(own).revision
    finally:
        road.close()
