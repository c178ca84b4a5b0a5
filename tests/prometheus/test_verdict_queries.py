"""The verdict in PromQL has the numbers of the verdict in Python, as Prometheus computes them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from components.design.monitoring.deploys.deciding import FAIL, INCONCLUSIVE, PASS, deciding
from components.design.monitoring.deploys.recorded import recorded
from components.design.monitoring.deploys.signals import ODD_CHANGE
from components.design.monitoring.deploys.verdict import (
    UNUSUAL,
    Bounds,
    Ending,
    Observed,
    Seen,
    deviations,
    judge_signal,
    judge_window,
)
from components.design.monitoring.model import RecordingRule
from components.design.rollout.looking import WINDOWS
from pave.monitoring.documents import as_yaml
from pave.monitoring.promtool import run

pytestmark = pytest.mark.prometheus

CODES: Mapping[Ending, int] = {"pass": PASS, "fail": FAIL, "inconclusive": INCONCLUSIVE}
IDENTITY = {"service": "portal", "cell": "production"}
CLOSE = 1e-9
DAYS = 12
EVERY_MINUTES = 30
LAST = DAYS * 24 * 60 // EVERY_MINUTES
"""The evaluation at which it is judged."""
BOUNDS = Bounds(4.0, 0.001, 0.0144)


class Dice(Random):
    """Chance, the same for the same seed."""


class Measured(NamedTuple):
    """A signal, what was seen of it in some windows, and the changes on days before."""

    name: str
    seen: list[Seen]
    earlier: list[float]

    @property
    def labels(self) -> dict[str, str]:
        return {**IDENTITY, "signal": self.name, "workload": "web", "version": "new"}


def some(dice: Dice, number: int) -> Iterator[Measured]:
    """All kinds of counts, whole and not, none and many, and histories that are still, wild or short."""
    for index in range(number):
        seen = []
        for window in WINDOWS:
            new, old = (10 ** dice.uniform(0, 6) for _ in range(2))
            share = dice.choice((0.0, 1e-4, 1e-3, 0.02, 0.5, 1.0))
            more = dice.choice((0.0, 0.0005, 0.003, 0.01, 0.2))
            bad = [dice.choice((share, share * dice.random())) for _ in range(2)]
            counted = Observed(new, new * min(1.0, bad[0] + more)), Observed(old, old * bad[1])
            seen.append(Seen(window, *(map(whole, counted) if index % 2 else counted)))
        size = dice.choice((0.0, 1e-4, 0.003, 0.1))
        middle = dice.choice((0.0, 0.003))
        earlier = [middle + dice.uniform(-size, size) for _ in range(dice.choice((0, 4, 5, 8, DAYS)))]
        yield Measured(f"s{index}", seen, earlier)


class Level(NamedTuple):
    """How much more a new copy needs than an old one, and the changes on days before."""

    name: str
    change: float
    earlier: list[float]

    @property
    def labels(self) -> dict[str, str]:
        return {**IDENTITY, "signal": self.name, "workload": "web", "version": "new"}

    def given(self) -> Iterator[dict[str, str]]:
        yield {"series": text("rollout:level_change", self.labels), "values": f"_x{LAST} {self.change!r}"}
        yield from days(self.labels, self.earlier)

    def wanted(self) -> Iterator[tuple[str, float]]:
        far = deviations(self.change, self.earlier, ODD_CHANGE)
        odd = self.change >= ODD_CHANGE and far is not None and far >= UNUSUAL
        yield f"(count({text('rollout:odd', self.labels)}) or vector(0))", float(odd)
        if far is not None:
            yield text("rollout:level_deviations", self.labels), far


LEVELS = [
    Level("cpu", 0.7, [0.0, 0.1, -0.1, 0.05, 0.02]),
    Level("memory", 0.7, [0.5, 0.9, 0.7, 0.8, 0.6]),
    Level("traffic", 0.9, [0.0] * 4),
    Level("swap", 0.5, [0.0] * 5),
    Level("disk", 0.49, [0.0] * 5),
]


def whole(counted: Observed) -> Observed:
    return Observed(float(round(counted.events)), float(round(counted.bad)))


def text(name: str, labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inside}}}"


def given(found: Iterable[Measured]) -> Iterator[dict[str, str]]:
    """As series of promtool: the counts only at the end, each day's change at its hour."""
    for each in found:
        for name, value in (("large", BOUNDS.large), ("dire", BOUNDS.dire)):
            labels = {**IDENTITY, "signal": each.name}
            yield {"series": text(f"rollout:{name}", labels), "values": f"{value}x{LAST}"}
        for seen in each.seen:
            counts = {"new_events": seen.new.events, "new_bad": seen.new.bad}
            counts |= {"old_events": seen.old.events, "old_bad": seen.old.bad}
            for name, count in counts.items():
                labels = {**each.labels, "decides": "yes", "window": seen.window}
                yield {"series": text(f"rollout:{name}", labels), "values": f"_x{LAST} {count!r}"}
        yield from days(each.labels, each.earlier)


def days(labels: Mapping[str, str], changes: Iterable[float]) -> Iterator[dict[str, str]]:
    """What versions changed on days before, at the same hour."""
    for day, change in enumerate(changes, start=1):
        told = text("rollout:change", {**labels, "version": f"v{day}"})
        yield {"series": told, "values": f"_x{LAST - day * 24 * 60 // EVERY_MINUTES} {change!r}"}


def wanted(each: Measured) -> Iterator[tuple[str, float]]:
    """What is recorded of a signal, and its value in Python."""
    for seen in each.seen:
        judged = judge_window(seen, each.earlier, BOUNDS)
        labels = {**each.labels, "window": seen.window}
        yield text("rollout:z", labels), judged.z
        yield text("rollout:visible", labels), judged.visible
        yield text("rollout:difference", labels), judged.difference
        if judged.unusual is not None:
            yield text("rollout:deviations", labels), judged.unusual
    yield text("rollout:outcome", each.labels), CODES[judge_signal(each.seen, each.earlier, BOUNDS).outcome]


def promtool(folder: Path, recordings: Iterable[RecordingRule], labels: Mapping[str, str], test: Any) -> str:
    """What promtool has against a test of recorded rules; nothing where all is as it should."""
    every = f"{test.pop('minutes')}m"
    written = [
        {"record": each.record, "expr": each.expr, "labels": {**labels, **each.labels}} for each in recordings
    ]
    groups = {"groups": [{"name": "rollout", "interval": every, "rules": written}]}
    (folder / "rules.yaml").write_bytes(as_yaml(groups))
    tests = {"rule_files": ["rules.yaml"], "evaluation_interval": every, "tests": [test]}
    (folder / "test.yaml").write_bytes(as_yaml(tests))
    passed, said = run("test", "rules", "test.yaml", folder=folder)
    return "" if passed else said


def test_the_same_counts_give_the_same_numbers(tmp_path: Path) -> None:
    found = list(some(Dice(14), 60))
    asked = [pair for each in found for pair in wanted(each)]
    assert {value for expr, value in asked if "outcome" in expr} == set(CODES.values())
    assert sum("deviations" in expr for expr, _ in asked) > 60
    recordings = [
        RecordingRule(f"rollout:{name}", expr, {})
        for name, expr in deciding(recorded(IDENTITY, "portal"), BOUNDS.clear)
    ]
    asked += [pair for each in LEVELS for pair in each.wanted()]
    test = {
        "minutes": EVERY_MINUTES,
        "interval": f"{EVERY_MINUTES}m",
        "input_series": [*given(found), *(series for each in LEVELS for series in each.given())],
        "promql_expr_test": [
            {
                "expr": f"sum(abs({expr} - {value!r})) <= bool {CLOSE * max(1.0, abs(value))!r}",
                "eval_time": f"{DAYS * 24}h",
                "exp_samples": [{"labels": "{}", "value": 1}],
            }
            for expr, value in asked
        ],
    }
    assert promtool(tmp_path, recordings, IDENTITY, test) == ""
