"""What needs Prometheus' own tools."""

from pathlib import Path

import pytest

from pave.workspace import HOME
from tests.built import require_built


@pytest.fixture(scope="session", autouse=True)
def tools() -> Path:
    """Where promtool and amtool are; skips where they can't be had, and fails in a pipeline."""
    for name in ("promtool", "amtool"):
        require_built(HOME / ".tools" / name, "make test-prometheus")
    return HOME / ".tools"
