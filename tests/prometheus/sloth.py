"""Sloth's rules for a promise of ours, as its own command makes them: https://sloth.dev."""

import os
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from components.design.alerts import WINDOWS
from components.design.monitoring.model import Sli
from components.design.monitoring.promql import over
from pave.monitoring.documents import as_yaml
from pave.workspace import HOME
from tests.built import require_built

BUDGET_PERCENT = {"1h": 2, "6h": 5, "3d": 10}
"""Of the budget of thirty days that the alert of a long window stands for."""

PERIOD = "30d"


def rules_of(sli: Sli, window: str, folder: Path) -> list[dict[str, Any]]:
    """The groups that Sloth makes of a promise, with the alert of one window as both of its pages.

    Sloth joins the alerts of two windows with `or`; with the same one twice it is that of one."""
    binary = HOME / ".tools" / "sloth"
    require_built(binary, "make test-prometheus")
    same = {
        "errorBudgetPercent": BUDGET_PERCENT[window],
        "shortWindow": WINDOWS[window].short,
        "longWindow": window,
    }
    both = {"quick": same, "slow": same}
    windows = folder / f"windows-{window}"
    windows.mkdir(exist_ok=True)
    catalog = {
        "apiVersion": "sloth.slok.dev/v1",
        "kind": "AlertWindows",
        "spec": {"sloPeriod": PERIOD, "page": both, "ticket": both},
    }
    (windows / "windows.yaml").write_bytes(as_yaml(catalog))
    asked = {
        "version": "prometheus/v1",
        "service": "portal",
        "slos": [
            {
                "name": f"{sli.name}-{window}",
                "objective": sli.objective,
                "sli": {
                    "events": {
                        "error_query": over(sli.bad, "{{.window}}"),
                        "total_query": over(sli.events, "{{.window}}"),
                    }
                },
                "alerting": {
                    "name": f"Sloth{window}",
                    "page_alert": {"labels": {"severity": "page"}},
                    "ticket_alert": {"disable": True},
                },
            }
        ],
    }
    (folder / "sloth.yaml").write_bytes(as_yaml(asked))
    words = ["generate", "--no-log", "-i", "sloth.yaml", "--default-slo-period", PERIOD]
    words += ["--slo-period-windows-path", str(windows)]
    done = subprocess.run(
        [binary, *words], cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = msgspec.yaml.decode(done.stdout)["groups"]
    return found
