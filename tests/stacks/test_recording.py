"""Plans can be read without Pulumi: only recording one needs it."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["stacks.recording.model", "stacks.plan", "pave.planning.compare", "pave.reports.formats.text"]
)
def test_who_only_reads_plans_does_not_wait_for_pulumi(module: str) -> None:
    code = f"import sys, {module}; print({{name.split('.')[0] for name in sys.modules}} & {{'pulumi'}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
