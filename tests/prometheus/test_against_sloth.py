"""Our burn-rate alerts against Sloth's, on the same series: they begin and end in the same minute.

Where we differ it is on purpose, and only to be quiet longer:
- Ours wait (`for`: two minutes, ten, an hour) before they fire, as GitLab's do; Sloth's fire at once.
  Compared is when they become pending, and that they fire so much later.
- With few events ours ask for a floor of them, and that Wilson's lower bound is above the threshold: of
  twenty requests at night two that fail are no outage. There ours may be quiet while Sloth's fires, and
  never the other way round.
- Over three days ours average what was recorded over five minutes, since a rate over three days of raw
  samples costs a hundred times as much: the edge of the window is soft by those five minutes, which
  evaluations ten minutes apart don't see."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple

import msgspec
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.alerts import WINDOWS
from components.design.monitoring.burn import PACES, SECONDS, threshold
from components.design.monitoring.model import Watch
from components.design.monitoring.monitored import monitored
from components.design.monitoring.rules import group
from components.design.monitoring.trial import Counter, InputSeries, Phase, counted
from pave.monitoring.documents import as_yaml
from pave.monitoring.promtool import run
from pave.workspace import HOME
from tests.prometheus.sloth import rules_of

pytestmark = pytest.mark.prometheus

SEED = 13
STEPS = {"1h": (1, 30), "6h": (2, 60), "3d": (10, 120)}
"""Minutes between evaluations, and seconds between samples, as in the trials that users run."""

SCENARIOS = {"1h": 140, "6h": 60, "3d": 12}
FEW = 40
OBJECTIVES = (99.95, 99.9, 99.5, 99.0)
BUSY = 1e7
"""Events a second: chance has no say then."""

SPEC = """\
apiVersion: pave/v1
kind: Service
metadata: {name: portal, owner: fulfillment-platform}
spec:
  tier: critical
  stage: ga
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/portal@sha256:DIGEST
  endpoints:
    - {name: all, paths: [/*], slo: {availability: OBJECTIVE}}
  alerting: {windows: [1h, 6h, 3d], minimumRequests: 3600}
""".replace("DIGEST", "0f1e2d3c4b5a6978" * 4)


class Dice(Random):
    """Chance, the same for the same seed."""


class Scenario(NamedTuple):
    """How things go, what then has to be so of the two tools, and whether Sloth's alert fires, None where
    nobody knows beforehand."""

    name: str
    phases: list[Phase]
    wanted: Literal["same", "never ours alone", "never ours"]
    burns: bool | None

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int(sum(phase.minutes for phase in self.phases))


def watched(folder: Path, objective: float) -> Watch:
    """What guards the availability of a service that promises so much; its rules are written to a folder."""
    path = folder / "portal.yaml"
    path.write_text(SPEC.replace("OBJECTIVE", f"{objective:g}"))
    catalog = load(HOME / "catalog", [path])
    service = service_at(catalog, "portal", "production")
    assert isinstance(service, Service), service
    found = monitored(catalog, service)
    watch = next(one for one in found.watches if one.sli is not None and one.sli.kind == "availability")
    (folder / "ours.rules.yaml").write_bytes(as_yaml({"groups": [group(found, watch)]}))
    return watch


def by_chance(dice: Dice, window: str, objective: float, number: int, rate: float) -> list[Scenario]:
    """So many ways that things can go around the threshold of a window."""
    wanted: Literal["same", "never ours alone"] = "same" if rate >= BUSY else "never ours alone"
    limit, step = threshold(objective, window), STEPS[window][0]
    long, short = SECONDS[window] // 60, SECONDS[WINDOWS[window].short] // 60
    made = []
    for index in range(number):
        what = dice.choice(("outage", "burn", "burn", "flapping", "quiet", "healing"))
        lead = _grid(dice.uniform(0.1, 0.6) * long, step)
        tail = _grid(short * dice.uniform(1.5, 3) + 4 * step, step)
        at = dice.uniform
        bad: list[tuple[float, float]]
        if what == "outage":
            bad = [(at(0.05, 0.3) * long + 5 * step, min(1.0, limit * at(20, 60)))]
        elif what == "burn":
            bad = [(at(0.3, 0.8) * long, min(1.0, limit * at(0.6, 4)))]
        elif what == "flapping":
            bad = [
                part
                for _ in range(dice.randint(2, 4))
                for part in ((at(1, 2) * short, min(1.0, limit * at(1, 9))), (at(0.5, 1.5) * short, 0.0))
            ]
        elif what == "quiet":
            bad = [(at(0.3, 0.9) * long, limit * at(0.05, 0.9))]
        else:
            bad = [
                (at(0.1, 0.4) * long, min(1.0, limit * part)) for part in (at(3, 9), at(0.7, 1.5), at(0, 0.5))
            ]
        phases = [Phase(lead, rate), *(Phase(_grid(minutes, step), rate, share) for minutes, share in bad)]
        sure = {"quiet": False}.get(what, True if what == "outage" and limit * 6 < 1 else None)
        name = f"{what} {index} of {objective} over {window}"
        made.append(Scenario(name, [*phases, Phase(tail, rate)], wanted, sure if rate >= BUSY else None))
    return made


def _grid(minutes: float, step: int) -> int:
    return max(step, round(minutes / step) * step)


def series(watch: Watch, scenario: Scenario, every_seconds: int) -> list[InputSeries]:
    """What the load balancer counts meanwhile."""
    sli = watch.sli
    assert sli is not None
    answered, failed = (each.series for each in watch.trials[0].series)
    return counted([Counter(answered, 1, -1), Counter(failed, 0, 1)], scenario.phases, every_seconds)


def active(selected: str) -> str:
    """Whether an alert is pending or fires."""
    return f"(clamp_max(count(ALERTS{{{selected}}}), 1) or vector(0))"


def asked(ours: str, window: str, scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Queries about a whole scenario, and what they have to give: in how many evaluations it isn't so."""
    step = STEPS[window][0]
    whole = f"[{scenario.minutes}m:{step}m]"
    mine = f'alertname="{ours}",window="{window}"'
    sloths = active(f'alertname="Sloth{window}"')
    differs = "!=" if scenario.wanted == "same" else ">"
    yield f"sum_over_time(({active(mine)} {differs} bool {sloths}){whole})", 0
    fires = active(f'{mine},alertstate="firing"')
    held = f"min_over_time({active(mine)}[{PACES[window].for_minutes}m:{step}m])"
    yield f"sum_over_time(({fires} != bool {held}){whole})", 0
    if scenario.burns is not None:
        yield f"max_over_time({sloths}{whole})", float(scenario.burns)
    if scenario.wanted == "never ours":
        yield f"max_over_time({active(mine)}{whole})", 0


def case(watch: Watch, window: str, scenario: Scenario) -> dict[str, Any]:
    """A scenario as promtool reads it."""
    step, every_seconds = STEPS[window]
    ours = next(alert.name for alert in watch.alerts if alert.labels.get("window") == window)
    found = series(watch, scenario, every_seconds)
    return {
        "name": scenario.name,
        "interval": f"{every_seconds}s",
        "input_series": [msgspec.to_builtins(each) for each in found],
        "promql_expr_test": [
            {
                "expr": expr,
                "eval_time": f"{scenario.minutes // step * step}m",
                "exp_samples": [{"labels": "{}", "value": value}],
            }
            for expr, value in asked(ours, window, scenario)
        ],
    }


def compare(folder: Path, window: str, tried: Mapping[float, list[Scenario]]) -> str:
    """All that promtool has against some scenarios of each objective; nothing where all is as it should."""
    folders = []
    for objective, some in tried.items():
        here = folder / f"{objective:g}"
        here.mkdir()
        folders.append(here)
        watch = watched(here, objective)
        assert watch.sli is not None
        groups = rules_of(watch.sli, window, here)
        (here / "sloth.rules.yaml").write_bytes(as_yaml({"groups": groups}))
        tests = {
            "rule_files": ["ours.rules.yaml", "sloth.rules.yaml"],
            "evaluation_interval": f"{STEPS[window][0]}m",
            # Sloth's alerts read what another of its groups records: after that, not before.
            "group_eval_order": [watch.name, *(each["name"] for each in groups)],
            "tests": [case(watch, window, one) for one in some],
        }
        (here / "test.yaml").write_bytes(as_yaml(tests))
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # promtool is another process
        done = pool.map(lambda here: run("test", "rules", "test.yaml", folder=here), folders)
        return "".join(said for passed, said in done if not passed)


def some(window: str, number: int, rate: float) -> dict[float, list[Scenario]]:
    """So many scenarios, of all objectives together."""
    dice = Dice(f"{SEED} {window} {rate}")
    return {
        objective: by_chance(dice, window, objective, number // len(OBJECTIVES), rate)
        for objective in OBJECTIVES
    }


@pytest.mark.parametrize("window", list(SCENARIOS))
def test_with_many_events_both_begin_and_end_in_the_same_minute(tmp_path: Path, window: str) -> None:
    assert compare(tmp_path, window, some(window, SCENARIOS[window], BUSY)) == ""


def test_there_are_as_many_scenarios_as_were_asked_for_and_both_endings_are_among_them() -> None:
    every = [
        one for window in SCENARIOS for each in some(window, SCENARIOS[window], BUSY).values() for one in each
    ]
    assert len(every) >= 200
    assert {one.burns for one in every} == {True, False, None}


def test_with_few_events_ours_is_never_the_only_one_that_tells(tmp_path: Path) -> None:
    assert compare(tmp_path, "1h", some("1h", FEW, 1.2)) == ""


@pytest.mark.parametrize(
    ("why", "rate", "share"),
    [
        ("there are fewer events than the floor", 0.5, 0.5),
        ("there are so few that chance may bring as many bad ones", 1.1, 0.008),
    ],
)
def test_of_a_few_that_fail_at_night_only_sloths_tells(
    tmp_path: Path, why: str, rate: float, share: float
) -> None:
    night = Scenario(why, [Phase(90, rate, share)], "never ours", burns=True)
    assert compare(tmp_path, "1h", {99.95: [night]}) == ""
