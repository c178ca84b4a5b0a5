"""Tools that a test can't do without, and that not every machine can build."""

import os
from pathlib import Path

import pytest


def require_built(tool: Path, prepare: str) -> None:
    """Skips the test where a tool isn't built, and names what builds it; in a pipeline it fails."""
    if tool.is_file():
        return
    reason = f"{tool.name} isn't built: {prepare}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
