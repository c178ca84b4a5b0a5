"""In which incidents an error budget was spent."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.budget import WINDOW_DAYS
from components.design.monitoring.model import Monitoring, Sli
from components.design.monitoring.monitored import monitored
from pave.budgets.history import BAD, EVENTS, History, Slot
from pave.budgets.month import DAY_SECONDS
from pave.budgets.spent import BURN, last_days, spent_windows
from tests.command import pave
from tests.conftest import HOME

AT = 1_795_910_460.0
"""2026-11-29, a minute after midnight."""
SPAN = last_days(AT)
SLOTS = list(SPAN.slots)
MINUTES = WINDOW_DAYS * DAY_SECONDS / 60


@pytest.fixture(scope="module")
def watched() -> Monitoring:
    catalog = load(HOME / "catalog")
    service = service_at(catalog, "usage-api", "production")
    assert isinstance(service, Service)
    return monitored(catalog, service)


def sli(watched: Monitoring) -> Sli:
    return next(watch.sli for watch in watched.watches if watch.sli is not None)


def counted(watched: Monitoring, shares: dict[int, float]) -> History:
    """A hundred requests in each slot, and that share of them bad in some, by their index."""
    slots = {at: Slot(100.0, 100 * shares.get(index, 0.0)) for index, at in enumerate(SLOTS)}
    return History({sli(watched).name: slots}, {})


def test_a_window_is_as_long_as_budgets_are_and_ends_with_the_last_whole_slot() -> None:
    assert (SPAN.end - SPAN.begin, AT - SPAN.end) == (WINDOW_DAYS * DAY_SECONDS, 60)
    assert len(SLOTS) == 8064


def test_a_calm_window_has_no_incident(watched: Monitoring) -> None:
    assert spent_windows(watched, counted(watched, {})) == []
    assert spent_windows(watched, History({}, {})) == []


def test_what_took_most_comes_first_and_gaps_of_ten_minutes_are_within(watched: Monitoring) -> None:
    broken = {10: 0.5, 11: 0.5, 14: 1.0, **dict.fromkeys(range(100, 124), 1.0)}
    long, short = spent_windows(watched, counted(watched, broken))
    assert (long.minutes, long.worst_percent, long.end[11:16]) == (120.0, 100.0, "10:20")
    assert (short.minutes, short.worst_percent, short.begin[11:16], short.end[11:16]) == (
        *(10.0, 100.0),
        *("00:50", "01:15"),
    )


def test_what_burns_more_slowly_than_has_somebody_paged_is_no_incident(watched: Monitoring) -> None:
    allowed = (100 - sli(watched).objective) / 100
    assert spent_windows(watched, counted(watched, {5: BURN * allowed * 0.99})) == []
    assert len(spent_windows(watched, counted(watched, {5: BURN * allowed * 1.01}))) == 1


@given(shares=st.dictionaries(st.integers(0, len(SLOTS) - 1), st.floats(0, 1), max_size=60))
def test_all_incidents_together_took_no_more_than_all_that_is_spent(
    watched: Monitoring, shares: dict[int, float]
) -> None:
    spent = sum(shares.values()) / len(SLOTS) * MINUTES
    found = spent_windows(watched, counted(watched, shares))
    assert sum(one.minutes for one in found) <= spent + 0.005 * (len(found) + 1)
    assert [one.minutes for one in found] == sorted((one.minutes for one in found), reverse=True)


def recorded(kind: str, *series: tuple[dict[str, str], Any]) -> str:
    known = {"service": "usage-api", "cell": "production"}
    key = "value" if kind == "vector" else "values"
    result = [{"metric": {**known, **labels}, key: said} for labels, said in series]
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": result}})


def test_who_is_over_sees_when_it_was_spent(home: Path, tmp_path: Path, watched: Monitoring) -> None:
    name = sli(watched).name
    now = tmp_path / "budget.json"
    now.write_text(recorded("vector", ({"__name__": "sli:bad_ratio:rate28d", "sli": name}, [AT, "0.003"])))
    then = tmp_path / "then.json"
    bad = [(at, "1" if 100 <= index < 124 else "0") for index, at in enumerate(SLOTS)]
    asked = ({"__name__": EVENTS, "sli": name}, [(at, "1") for at in SLOTS])
    then.write_text(recorded("matrix", asked, ({"__name__": BAD, "sli": name}, bad)))
    words = ("budget", "usage-api", "--from", str(now))
    done = pave(home, *words, "--incidents", str(then))
    (line,) = [each for each in done.stdout.splitlines() if "08:20-10:20" in each]
    assert line.split() == ["2026-11-01", "08:20-10:20", name, "120.00", "100", "%"]
    report = json.loads(pave(home, *words, "--incidents", str(then), "--format", "json").stdout)
    assert [(each["sli"], each["minutes"]) for each in report["incidents"]] == [(name, 120.0)]
    unknown = pave(home, *words, "--incidents", str(tmp_path / "nowhere.json"))
    assert "Nobody knows when: " in " ".join(unknown.stdout.split())
    assert unknown.exit_code == pave(home, *words).exit_code
    assert pave(home, *words, "--incidents", str(now)).exit_code == 2
