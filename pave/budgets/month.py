"""A month, in slots of five minutes: UTC, as it is published."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

from pave.refused import Refused

SLOT_SECONDS = 300
"""As long as the shortest window over which anything is recorded."""

DAY_SECONDS = 86400

TOGETHER = 2
"""Slots without an outage between two that still make them one incident."""


class Month(NamedTuple):
    """A calendar month in UTC, or another span that is called like that, from `begin` up to, and without,
    `end`, in seconds since 1970."""

    name: str
    begin: int
    end: int

    @property
    def first(self) -> date:
        """Its first day."""
        return datetime.fromtimestamp(self.begin, UTC).date()

    @property
    def slots(self) -> range:
        """The ends of its slots: what is said of one is said at its end."""
        return range(self.begin + SLOT_SECONDS, self.end + 1, SLOT_SECONDS)


def month(text: str) -> Month:
    """The month that `2026-11` means. Raises Refused."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    year, number = (int(part) for part in found.groups()) if found else (0, 0)
    if not (1970 <= year <= 9998 and 1 <= number <= 12):
        raise Refused(f"`{text}` is no month. Write it like 2026-11.")
    after = date(year + number // 12, number % 12 + 1, 1)
    return Month(
        text,
        *(
            int(datetime(day.year, day.month, 1, tzinfo=UTC).timestamp())
            for day in (date(year, number, 1), after)
        ),
    )


def month_before(today: date) -> str:
    """The last whole month, which is the one that is published."""
    year, number = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year:04d}-{number:02d}"


def runs(ends: Iterable[int]) -> Iterator[list[int]]:
    """Slots, by their ends in order, with no more than a few between them: those of one incident each."""
    group: list[int] = []
    for end in ends:
        if group and end - group[-1] > (TOGETHER + 1) * SLOT_SECONDS:
            yield group
            group = []
        group.append(end)
    if group:
        yield group


def written(at: float) -> str:
    """A moment, in seconds since 1970, to the minute as reports write it: `2026-11-02T03:05Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%MZ")
