"""`pave demo --up` where there is no engine."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pave.cli import pave


def test_without_an_engine_the_last_act_is_a_line_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pave.delivery.engine.cli.BUILT", tmp_path / "pulumi")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(pave, ["demo", "--up", "--today", "2026-11-21"])
    assert done.exit_code == 0, done.output
    (line,) = [line for line in done.output.splitlines() if "last act" in line]
    assert "`make tools`" in line
    assert done.output.rstrip().rpartition("\n")[2].startswith("next: pave check ")
