"""Tries a service's alerts on made-up series, with promtool."""

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import msgspec

from catalog.document import Json
from components.design.monitoring.model import Monitoring, Watch
from components.design.monitoring.promql import quoted
from components.design.monitoring.rules import group
from components.design.monitoring.trial import Check, Trial
from pave.monitoring.documents import as_yaml
from pave.monitoring.promtool import promtool, run


class Tried(msgspec.Struct, frozen=True, rename="camel"):
    """What became of one trial of an alert; `said` is promtool's word where it failed."""

    alert: str
    title: str
    passed: bool
    said: str


class MonitorTestReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave monitor test --format json` prints. `checked` says whether promtool can use the rules at
    all, `said` what it said about them."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["MonitorTestReport"] = "MonitorTestReport"
    service: str
    place: str
    passed: bool
    checked: bool
    said: str
    untried: list[str]
    trials: list[Tried]


def try_alerts(monitoring: Monitoring) -> MonitorTestReport:
    """Tries all alerts, on all processors. An alert without a trial fails as well. Raises Refused without
    promtool."""
    promtool()
    with tempfile.TemporaryDirectory(prefix="pave-monitor-") as folder:
        return _try(monitoring, Path(folder))


def _try(monitoring: Monitoring, folder: Path) -> MonitorTestReport:
    for watch in monitoring.watches:
        (folder / f"{watch.name}.rules.yaml").write_bytes(as_yaml({"groups": [group(monitoring, watch)]}))
    names = [f"{watch.name}.rules.yaml" for watch in monitoring.watches]
    checked, said = run("check", "rules", *names, folder=folder) if names else (True, "")
    trials = [(watch, trial) for watch in monitoring.watches for trial in watch.trials]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        tried = list(pool.map(lambda each: _tried(each[0], each[1], folder), trials)) if checked else []
    untried = sorted(_untried(monitoring))
    return MonitorTestReport(
        service=monitoring.labels["service"],
        place=monitoring.labels["cell"],
        passed=checked and not untried and all(each.passed for each in tried),
        checked=checked,
        said="" if checked else said,
        untried=untried,
        trials=tried,
    )


def _tried(watch: Watch, trial: Trial, folder: Path) -> Tried:
    name = f"{watch.name}-{watch.trials.index(trial)}.test.yaml"
    (folder / name).write_bytes(as_yaml(test_file(watch, trial)))
    passed, said = run("test", "rules", name, folder=folder)
    window = trial.labels.get("window")
    alert = trial.alert if window is None else f"{trial.alert}[{window}]"
    return Tried(alert, trial.title, passed, "" if passed else said)


def _untried(monitoring: Monitoring) -> Iterator[str]:
    for watch in monitoring.watches:
        fired = {
            (trial.alert, trial.labels.get("window"))
            for trial in watch.trials
            if any(check.fires for check in trial.checks)
        }
        yield from (each.id for each in watch.alerts if (each.name, each.labels.get("window")) not in fired)


def test_file(watch: Watch, trial: Trial) -> Json:
    """A trial as promtool reads it: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/.

    Whether an alert fires is asked of `ALERTS`, since no trial is about the text of an annotation."""
    return {
        "rule_files": [f"{watch.name}.rules.yaml"],
        "evaluation_interval": f"{trial.step_minutes}m",
        "tests": [
            {
                "name": trial.title,
                "interval": f"{trial.every_seconds}s",
                "input_series": [{"series": each.series, "values": each.values} for each in trial.series],
                "promql_expr_test": [_asked(trial, check) for check in trial.checks],
            }
        ],
    }


def _asked(trial: Trial, check: Check) -> Json:
    labels = {"alertname": trial.alert, "alertstate": "firing", **trial.labels}
    selected = ",".join(f"{name}={quoted(value)}" for name, value in labels.items())
    return {
        "expr": f"count(ALERTS{{{selected}}}) or vector(0)",
        "eval_time": f"{check.minute}m",
        "exp_samples": [{"labels": "{}", "value": 1 if check.fires else 0}],
    }
