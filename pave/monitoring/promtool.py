"""Prometheus' own tool, which checks rules and tries them:
https://prometheus.io/docs/prometheus/latest/command-line/promtool/."""

import os
import shutil
import subprocess
from pathlib import Path

from pave.refused import Refused
from pave.workspace import HOME

BUILT = HOME / ".tools" / "promtool"


def promtool() -> Path:
    """Where it is: the one that pave has set up, or the one on PATH. Raises Refused."""
    found = str(BUILT) if BUILT.is_file() else shutil.which("promtool")
    if found is None:
        raise Refused(
            "promtool, which comes with Prometheus, isn't here. Install it, or run `make prometheus` in the"
            f" checkout at {HOME}."
        )
    return Path(found)


def run(*words: str, folder: Path) -> tuple[bool, str]:
    """Whether promtool is content, and all that it says, when it is called in that folder."""
    environment = {**os.environ, "NO_COLOR": "1", "TZ": "UTC"}
    done = subprocess.run(
        [promtool(), *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, f"{done.stdout}{done.stderr}"
