"""How long a schedule lets one wait for its next run, on the clocks of its time zone."""

import functools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from catalog.checks.schedules import FIRST_YEAR, comes_on, times_of, zone_of

YEARS = 2
"""That are looked at: each kind of change of clocks is in them, and the 29th of February of a leap year."""


@functools.cache
def longest_wait(schedule: str, zone: str) -> int:
    """Seconds between two runs of a valid schedule, at most, in the years around the rules of today. Also
    those runs wait longer that an hour which clocks skip has taken, or that clocks are put back between."""
    runs = list(_ends_of_days(schedule, zone))
    overnight = [(after[0] - before[1]).total_seconds() for before, after in pairwise(runs)]
    return int(max([*overnight, _within_a_day(schedule, zone)], default=0))


def _ends_of_days(schedule: str, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """The first and the last run of each day that has some."""
    clocks = zone_of(zone)
    minutes, hours, *_ = times_of(schedule)
    walls = sorted(timedelta(hours=hour, minutes=minute) for hour in hours for minute in minutes)
    day = datetime.fromisoformat(f"{FIRST_YEAR}-01-01")
    for _ in range(YEARS * 366 + 366):
        if comes_on(schedule, day):
            # What no clock shows comes back as another time of the day.
            times = [
                at.astimezone(UTC)
                for wall in walls
                if (at := (day + wall).replace(tzinfo=clocks)).astimezone(UTC).astimezone(clocks).time()
                == at.time()
            ]
            if times:
                yield times[0], times[-1]
        day += timedelta(days=1)


def _within_a_day(schedule: str, zone: str) -> float:
    """The longest pause of a day, one hour longer where clocks are put back."""
    minutes, hours, *_ = times_of(schedule)
    walls = sorted(hour * 3600 + minute * 60 for hour in hours for minute in minutes)
    longest = max((after - before for before, after in pairwise(walls)), default=0)
    clocks = zone_of(zone)
    offsets = {datetime(FIRST_YEAR, month, 1, tzinfo=clocks).utcoffset() for month in range(1, 13)}
    return longest + (3600 if longest > 3600 and len(offsets) > 1 else 0)
