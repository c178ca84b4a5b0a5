"""Stores that the cloud restarts now and then, to bring them a new version: when it may."""

from collections.abc import Sequence

from catalog.document import Json
from catalog.kind import Fields
from catalog.stores.store import Surroundings

DAY = {"production": 6, "staging": 3, "development": 3}
"""Saturday in production, the day before its nodes'. Elsewhere earlier in the week, when somebody
is there to see what a new version does."""

FIRST_HOUR = 6
"""UTC, after the nightly jobs."""

HOURS_LATER = 2
"""How long after a service's databases its caches come, also where the peak has moved those: never two of a
service at the same time."""


class Days(Fields, frozen=True, rename={"first": "from", "last": "to"}):
    """Days of every year, as month and day: `01-25`. They may go beyond its end."""

    first: str
    last: str


class Maintenance(Fields, frozen=True):
    """The weekly hour, in UTC, at which the cloud may restart a store. Day 1 is Monday."""

    day: int
    hour: int


class InterruptedMaintenance(Maintenance, frozen=True):
    """The same, but for some days of the year when it may not."""

    never: Days | None


def maintenance(written: Json, around: Surroundings, *, is_second: bool) -> Json:
    """When a store is maintained, `written` as far as its owner did. What `is_second` comes after what
    isn't."""
    return {
        "day": DAY[around.purpose],
        "hour": _quiet_hour(around.peak_hours, is_second=is_second),
        **written.get("maintenance", {}),
    }


def _quiet_hour(peak: Sequence[int], *, is_second: bool) -> int:
    hour = _first_outside(peak, FIRST_HOUR)
    return _first_outside(peak, hour + HOURS_LATER) if is_second else hour


def _first_outside(peak: Sequence[int], from_hour: int) -> int:
    return next(at % 24 for at in range(from_hour, from_hour + 24) if at % 24 not in peak)
