"""Schedules and time zones that a pattern lets through but Kubernetes does not, or that never come."""

import functools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


class Field(NamedTuple):
    """One of the five fields of a schedule: its numbers, and the words that may stand for them."""

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("weekday", 0, 6, WEEKDAYS),
)
"""https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax"""

LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

FIRST_YEAR = 2026
"""Two years from here have each kind of change that a zone's rules of today know."""

_PART = re.compile(r"([*?])(?:/([0-9]+))?|([A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:/([0-9]+))?", re.ASCII)


def impossible_schedules(written: Json) -> Iterator[Wrong]:
    """The schedules and time zones of a schema-valid service that are none."""
    for index, workload in enumerate(written["spec"]["workloads"]):
        at: Pointer = ("spec", "workloads", index)
        if "schedule" in workload:
            what = _fault(workload["schedule"])
            if what is not None:
                fix = "Write minute, hour, day, month and weekday, like `30 2 * * *`."
                yield (*at, "schedule"), "catalog/schedule", what, fix
        if "timeZone" in workload and not is_time_zone(workload["timeZone"]):
            what = f"There is no time zone `{workload['timeZone']}`."
            yield (*at, "timeZone"), "catalog/time-zone", what, "Write one like Etc/UTC or Europe/Berlin."


def meets_changed_clocks(schedule: str, zone: str) -> bool:
    """Whether some run of a valid schedule falls into an hour that the clocks of a time zone skip or have
    twice, in the years around the rules of today. A skipped run never comes, a repeated one comes twice."""
    minutes, hours, *_ = times_of(schedule)
    if len(hours) == 24:
        return False  # it runs at every hour there is
    return any(at.hour in hours and minutes and comes_on(schedule, at) for at in _changed_hours(zone))


@functools.cache
def times_of(schedule: str) -> tuple[set[int], ...]:
    """The minutes, hours, days, months and weekdays of a valid schedule."""
    return tuple(_numbers(field, text) for field, text in zip(FIELDS, schedule.split(" "), strict=True))


def comes_on(schedule: str, day: datetime) -> bool:
    """Whether a valid schedule has runs on that day. With both a day and a weekday given, either is enough:
    https://man7.org/linux/man-pages/man5/crontab.5.html."""
    _, _, days, months, weekdays = times_of(schedule)
    is_any_day, is_any_weekday = len(days) == 31, len(weekdays) == 7
    on_day, on_weekday = day.day in days, day.isoweekday() % 7 in weekdays
    comes = on_day and on_weekday if is_any_day or is_any_weekday else on_day or on_weekday
    return comes and day.month in months


def zone_of(name: str) -> tzinfo:
    """The clocks of a time zone; UTC's where there is no database of them."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return UTC


@functools.cache
def _changed_hours(zone: str) -> list[datetime]:
    """The local hours of two years that a zone's clocks skip or have twice."""
    from zoneinfo import ZoneInfo

    try:
        clocks = ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        return []
    first = datetime.fromisoformat(f"{FIRST_YEAR}-01-01")  # as a clock on the wall shows it
    days = [first + timedelta(days=n) for n in range(2 * 366 + 1)]
    offsets = [day.replace(tzinfo=clocks).utcoffset() for day in days]
    changed = [day for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]
    hours = (day + timedelta(hours=n) for day in changed for n in range(24))
    return [hour for hour in hours if _is_changed(hour, clocks)]


def _is_changed(hour: datetime, clocks: tzinfo) -> bool:
    """Clocks that are put back have an hour twice, with two offsets; when they are put forward, nobody's show
    it (https://peps.python.org/pep-0495/)."""
    middle = hour + timedelta(minutes=30)
    return middle.replace(tzinfo=clocks).utcoffset() != middle.replace(tzinfo=clocks, fold=1).utcoffset()


def is_time_zone(name: str) -> bool:
    """Whether the time zone database has this zone. Where there is no database, any name may be one."""
    from zoneinfo import ZoneInfo

    for zone in (name, "Etc/UTC"):
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, KeyError):
            continue
        return zone == name
    return True


def _fault(schedule: str) -> str | None:
    times = []
    for field, text in zip(FIELDS, schedule.split(" "), strict=True):
        found = _numbers(field, text)
        if not found:
            span = f"{field.least} to {field.most}"
            return f"`{text}` in `{schedule}` is no {field.name}: {span}, `*`, ranges, lists and steps."
        times.append(found)
    _, _, days, months, weekdays = times
    last = max(LONGEST_MONTHS[month - 1] for month in months)
    if len(weekdays) == 7 and min(days) > last:  # with a weekday, that day of the week counts as well
        return f"`{schedule}` never comes: no such month has {min(days)} days."
    return None


def _numbers(field: Field, text: str) -> set[int]:
    """The times that a field stands for; none when it is no field."""
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return set()
        every, star_step, first, last, step = match.groups()
        step = star_step or step
        start = field.least if every else _number(field, first)
        end = field.most if every or (step and not last) else _number(field, last or first)
        if start is None or end is None or not field.least <= start <= end <= field.most or step == "0":
            return set()
        found.update(range(start, end + 1, min(int(step or 1), field.most + 1)))
    return found


def _number(field: Field, text: str) -> int | None:
    if text.lower() in field.words:
        return field.least + field.words.index(text.lower())
    return int(text) if text.isdigit() and len(text) <= 2 else None
