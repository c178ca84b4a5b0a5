"""What tests of commands share: a command with a cache of its own, and a folder with an own rule."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pave.cli import pave


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return lambda *words: CliRunner().invoke(pave, [*map(str, words)], catch_exceptions=False)


@pytest.fixture
def own(tmp_path: Path, run: Callable[..., Result]) -> Path:
    """A folder with one own rule."""
    made = run("policies", "new", "security/badges-are-worn", "--policies", tmp_path / "own")
    assert made.exit_code == 0, made.output
    return tmp_path / "own"
