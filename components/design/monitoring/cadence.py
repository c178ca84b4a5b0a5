"""How long a schedule lets one wait for its next run, on the clocks of its time zone."""

import functools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from catalog.checks.schedules import FIRST_YEAR, comes_on, times_of, zone_of

SPANS = (3, 13)
"""Years that are looked at: each kind of change of clocks comes in the first, and where those have too few
runs, the 29th of February comes more than once in the others."""


@functools.cache
def longest_wait(schedule: str, zone: str) -> int:
    """Seconds between two runs of a valid schedule, at most, in the years around the rules of today: longer
    where clocks are put back in between, and where they skip a run."""
    overnight: list[float] = []
    for years in SPANS:
        runs = list(_ends_of_days(schedule, zone_of(zone), years))
        overnight = [(after[0] - before[1]).total_seconds() for before, after in pairwise(runs)]
        if overnight:
            break
    return int(max([*overnight, _within_a_day(schedule, zone_of(zone))], default=0))


def _ends_of_days(schedule: str, clocks: tzinfo, years: int) -> Iterator[tuple[datetime, datetime]]:
    """The first and the last run of each day that has some."""
    minutes, hours, *_ = times_of(schedule)
    walls = sorted(timedelta(hours=hour, minutes=minute) for hour in hours for minute in minutes)
    day = datetime.fromisoformat(f"{FIRST_YEAR}-01-01")
    for _ in range(years * 366):
        if comes_on(schedule, day):
            first, last = _shown(day, walls, clocks), _shown(day, reversed(walls), clocks)
            if first is not None and last is not None:
                yield first, last
        day += timedelta(days=1)


def _shown(day: datetime, walls: Iterable[timedelta], clocks: tzinfo) -> datetime | None:
    """The first of some times that the clocks show on that day: one that they skip comes back as another."""
    for wall in walls:
        at = (day + wall).replace(tzinfo=clocks).astimezone(UTC)
        if at.astimezone(clocks).replace(tzinfo=None) == day + wall:
            return at
    return None


def _within_a_day(schedule: str, clocks: tzinfo) -> float:
    """The longest pause of a day, one hour longer where clocks are put back."""
    minutes, hours, *_ = times_of(schedule)
    walls = sorted(hour * 3600 + minute * 60 for hour in hours for minute in minutes)
    longest = max((after - before for before, after in pairwise(walls)), default=0)
    offsets = {datetime(FIRST_YEAR, month, 1, tzinfo=clocks).utcoffset() for month in range(1, 13)}
    return longest + (3600 if longest > 3600 and len(offsets) > 1 else 0)
