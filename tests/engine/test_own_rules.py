"""An organisation's own rules on the real engine: named in `Pulumi.yaml`, they stop `pulumi up`."""

from pathlib import Path

import pytest

from tests.engine.engine import Engine
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
