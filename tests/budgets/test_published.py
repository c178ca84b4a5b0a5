"""How available a service was in a month, as it is published."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored
from pave.budgets.before import file_name, missed_in_a_row
from pave.budgets.history import BAD, EVENTS, PROBE, History, Slot, history
from pave.budgets.month import SLOT_SECONDS, month, month_before
from pave.budgets.page import page
from pave.budgets.published import AvailabilityMonthReport, ExcludedWindow, availability_month
from pave.plain import json_text
from pave.refused import Refused
from tests.command import pave
from tests.conftest import HOME

NOVEMBER = month("2026-11")
AFTER = datetime(2026, 12, 4, tzinfo=UTC)
SLOTS = list(NOVEMBER.slots)
CALM = Slot(300.0, 0.0)
Changed = dict[str, dict[int, Slot | None]]


@pytest.fixture(scope="module")
def watched() -> Monitoring:
    catalog = load(HOME / "catalog")
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    return monitored(catalog, service)


def names(watched: Monitoring) -> list[str]:
    slis = (watch.sli for watch in watched.watches)
    return [sli.name for sli in slis if sli is not None and sli.kind == "availability"]


def published(
    watched: Monitoring,
    changes: Changed | None = None,
    excluded: tuple[ExcludedWindow, ...] = (),
    now: datetime = AFTER,
    probes: dict[int, float] | None = None,
    weights: dict[str, int] | None = None,
) -> AvailabilityMonthReport:
    """The report on a calm November in which some slots, by their index, were otherwise."""
    slots = {}
    for name in names(watched):
        own: dict[int, Slot | None] = dict.fromkeys(SLOTS, CALM)
        own |= {SLOTS[index]: slot for index, slot in (changes or {}).get(name, {}).items()}
        slots[name] = {at: slot for at, slot in own.items() if slot is not None}
    told = History(slots, probes or {})
    return availability_month(
        watched, "Subscriptions", 99.95, weights or {}, told, excluded, NOVEMBER, now, "here"
    )


def window(first: int, last: int, announced: datetime | None = None) -> ExcludedWindow:
    """From the beginning of one slot to the end of another."""
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (SLOTS[first] - SLOT_SECONDS, SLOTS[last]))
    return ExcludedWindow(begin, end, announced or begin - timedelta(days=40), "The database moves.")


def test_a_calm_month_is_up_through_all_of_its_minutes(watched: Monitoring) -> None:
    found = published(watched)
    seen = found.as_seen
    assert (seen.minutes, seen.up_minutes, seen.down_minutes, seen.unmeasured_minutes) == (43200, 43200, 0, 0)
    assert (seen.available_percent, seen.good_percent, seen.is_kept, found.incidents) == (
        100.0,
        100.0,
        True,
        [],
    )


def test_one_journey_that_is_down_is_an_incident_of_the_service(watched: Monitoring) -> None:
    first = names(watched)[0]
    found = published(watched, {first: {index: Slot(300.0, 150.0) for index in (100, 101, 103, 110)}})
    journey = first.removesuffix("-availability")
    own = next(one for one in found.journeys if one.journey == journey)
    assert (own.down_minutes, found.as_seen.down_minutes) == (20, 20)
    assert [(one.journey, one.minutes, one.worst_percent, one.failed) for one in found.incidents] == [
        (journey, 15, 50.0, 450),
        (journey, 5, 50.0, 150),
    ]
    assert found.incidents[0].begin == "2026-11-01T08:20Z"
    assert found.incidents[0].end == "2026-11-01T08:40Z"
    others = [one for one in found.journeys if one.journey != journey]
    assert {one.down_minutes for one in others} == {0}


def test_less_than_five_in_a_hundred_that_fail_is_no_outage_but_they_are_counted(watched: Monitoring) -> None:
    first = names(watched)[0]
    found = published(watched, {first: dict.fromkeys(range(1000), Slot(300.0, 14.0))})
    assert found.as_seen.down_minutes == 0
    assert found.as_seen.good_percent is not None
    assert found.as_seen.good_percent < 100


def test_what_nobody_measured_is_never_up(watched: Monitoring) -> None:
    first = names(watched)[0]
    found = published(watched, {first: dict.fromkeys(range(288), None)})
    assert (found.as_seen.unmeasured_minutes, found.as_seen.up_minutes) == (1440, 41760)
    assert found.as_seen.available_percent == pytest.approx(96.6667)
    assert found.as_seen.is_kept is False
    nothing = availability_month(
        watched, "Subscriptions", 99.95, {}, History({}, {}), [], NOVEMBER, AFTER, "here"
    )
    assert (nothing.as_seen.up_minutes, nothing.as_seen.available_percent) == (0, 0.0)
    assert nothing.as_seen.good_percent is None


def test_what_was_announced_in_time_is_no_minute_of_the_month(watched: Monitoring) -> None:
    first = names(watched)[0]
    broken: Changed = {first: dict.fromkeys(range(12, 24), Slot(300.0, 300.0))}
    found = published(watched, broken, (window(12, 23),))
    assert (found.as_seen.excluded_minutes, found.as_seen.down_minutes) == (60, 0)
    assert found.as_seen.available_percent == 100.0
    assert [(one.minutes, one.counts) for one in found.excluded] == [(60, "")]
    assert found.incidents == []


def test_what_was_announced_when_it_had_begun_counts_all_the_same(watched: Monitoring) -> None:
    first = names(watched)[0]
    late = window(12, 23, datetime(2026, 11, 1, 1, 0, tzinfo=UTC))
    found = published(watched, {first: dict.fromkeys(range(12, 24), Slot(300.0, 300.0))}, (late,))
    assert (found.as_seen.excluded_minutes, found.as_seen.down_minutes) == (0, 60)
    assert [(one.minutes, one.counts) for one in found.excluded] == [(0, "announced when it had begun")]


def test_a_journey_without_weight_is_shown_and_does_not_count(watched: Monitoring) -> None:
    first = names(watched)[0]
    journey = first.removesuffix("-availability")
    broken: Changed = {first: dict.fromkeys(range(12), Slot(300.0, 300.0))}
    found = published(watched, broken, weights={journey: 0})
    assert found.as_seen.down_minutes == 0
    assert next(one for one in found.journeys if one.journey == journey).down_minutes == 60


def test_a_month_that_is_not_over_is_judged_by_what_there_was_of_it(watched: Monitoring) -> None:
    found = published(watched, now=datetime(2026, 11, 2, tzinfo=UTC))
    assert (found.as_seen.minutes, found.as_seen.up_minutes, found.is_whole) == (1440, 1440, False)
    assert "The month isn't over." in re.sub(r"\s+", " ", page(found).replace("&#39;", "'"))


def test_the_view_from_outside_stays_apart(watched: Monitoring) -> None:
    found = published(watched, probes={SLOTS[0]: 1.0, SLOTS[1]: 0.5})
    assert (found.from_outside, found.probed_minutes, found.as_seen.down_minutes) == (75.0, 10, 0)
    assert published(watched).from_outside is None


_slots = st.none() | st.builds(lambda bad: Slot(300.0, bad), st.floats(0, 300))


@given(st.lists(_slots, max_size=60), st.integers(0, 30), st.integers(0, 29))
def test_every_minute_is_counted_once_and_worse_is_never_better(
    slots: list[Slot | None], first: int, length: int
) -> None:
    catalog = load(HOME / "catalog")
    service = service_at(catalog, "usage-api", "production")
    assert isinstance(service, Service)
    watched = monitored(catalog, service)
    name = names(watched)[0]
    excluded = (window(first, first + length),)
    found = published(watched, {name: dict(enumerate(slots))}, excluded).as_seen
    parts = found.up_minutes, found.down_minutes, found.unmeasured_minutes, found.excluded_minutes
    assert sum(parts) == found.minutes == 43200
    worse = published(watched, {name: {**dict(enumerate(slots)), 59: Slot(300.0, 300.0)}}, excluded).as_seen
    assert worse.up_minutes <= found.up_minutes


def answer(*series: tuple[str, dict[str, str], list[tuple[float, str]]]) -> bytes:
    known = {"service": "portal", "cell": "production"}
    result: list[Any] = [
        {"metric": {"__name__": name, **known, **labels}, "values": values} for name, labels, values in series
    ]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}).encode()


def test_of_two_replicas_the_one_that_saw_more_failures_counts() -> None:
    at, later = SLOTS[0], SLOTS[1]
    found = history(
        answer(
            (EVENTS, {"sli": "web", "replica": "a"}, [(at, "2"), (later, "1")]),
            (BAD, {"sli": "web", "replica": "a"}, [(at, "1")]),
            (EVENTS, {"sli": "web", "replica": "b"}, [(at, "2")]),
            (BAD, {"sli": "web", "replica": "b"}, [(at, "0")]),
            (PROBE, {"target": "x"}, [(at, "1")]),
            (PROBE, {"target": "y"}, [(at, "0"), (0, "1")]),
        ),
        "here",
        "production",
        "portal",
        NOVEMBER,
    )
    assert found == History({"web": {at: Slot(600.0, 300.0)}}, {at: 0.5})


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1", "much"])
def test_what_is_no_number_was_not_measured(value: str) -> None:
    text = answer((EVENTS, {"sli": "web"}, [(SLOTS[0], value)]), (BAD, {"sli": "web"}, [(SLOTS[0], "0")]))
    assert history(text, "here", "production", "portal", NOVEMBER).slots == {"web": {}}


@pytest.mark.parametrize("text", ["2026-13", "2026", "26-11", "november", "0000-01", "2026-00"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Write it like 2026-11"):
        month(text)


def test_months_are_as_long_as_they_are() -> None:
    assert [len(month(f"2028-{number:02d}").slots) // 288 for number in range(1, 13)] == [
        *(31, 29, 31, 30, 31, 30),
        *(31, 31, 30, 31, 30, 31),
    ]
    assert (month_before(AFTER.date()), month_before(date(2026, 1, 1))) == ("2026-11", "2025-12")


def test_the_page_needs_nothing_but_itself_and_escapes_what_it_is_told(watched: Monitoring) -> None:
    odd = ExcludedWindow(
        window(0, 1).begin, window(0, 1).end, window(0, 1).announced, "<script>alert(1)</script>"
    )
    text = page(published(watched, excluded=(odd,)))
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"""(?:src|href)=|url\(|@import""", text)
    assert text.count("<table>") == text.count("</table>") == 3


def test_the_command_writes_a_page_and_a_file_for_programs(home: Path, tmp_path: Path) -> None:
    catalog = load(home / "catalog")
    service = service_at(catalog, "usage-api", "production")
    assert isinstance(service, Service)
    name = names(monitored(catalog, service))[0]
    labels = {"service": "usage-api", "cell": "production", "sli": name}
    file = tmp_path / "recorded.json"
    values: list[tuple[float, str]] = [(at, "1") for at in SLOTS]
    none: list[tuple[float, str]] = [(at, "0") for at in SLOTS]
    file.write_bytes(answer((EVENTS, labels, values), (BAD, labels, none)))
    words = ("publish", "usage-api", "--month", "2026-11", "--to", str(tmp_path / "public"))
    done = pave(home, *words, "--from", str(file))
    assert done.exit_code == 0 or datetime.now(UTC) < AFTER, done.output
    report = json.loads((tmp_path / "public" / "usage-api.production.2026-11.json").read_text())
    assert report["kind"] == "AvailabilityMonthReport"
    assert report["asSeen"]["unmeasuredMinutes"] == 0
    assert (
        (tmp_path / "public" / "usage-api.production.2026-11.html").read_text().startswith("<!doctype html>")
    )
    file.write_bytes(answer())
    assert pave(home, *words, "--from", str(file)).exit_code == 3
    windows = tmp_path / "windows.json"
    for wrong in ("{}", "[", '[{"begin": "2026-11-01T00:00:00"}]'):
        windows.write_text(wrong)
        refused = pave(home, *words, "--from", str(file), "--excluded", str(windows))
        assert (refused.exit_code, "Traceback" in refused.output) == (2, False)
    for words_ in (("--from", "nowhere.json"), ("--url", "ftp://x"), (), ("--url", "http://127.0.0.1:9")):
        assert pave(home, *words, *words_).exit_code == 2


def test_three_months_in_a_row_are_told_of(watched: Monitoring, tmp_path: Path) -> None:
    bad = published(watched, {names(watched)[0]: dict.fromkeys(range(1000), Slot(300.0, 300.0))})
    assert bad.as_seen.is_kept is False
    assert missed_in_a_row(published(watched), tmp_path) == 0
    for name, months in (("2026-10", 2), ("2026-08", 2), ("2026-09", 4)):
        written = msgspec.structs.replace(bad, month=name)
        (tmp_path / file_name(bad.service, bad.place, name, "json")).write_text(json_text(written))
        assert missed_in_a_row(bad, tmp_path) == months
    (tmp_path / file_name(bad.service, bad.place, "2026-10", "json")).write_text("[")
    assert missed_in_a_row(bad, tmp_path) == 1
