"""When an error budget was spent: the incidents of its window, and what each took of it."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from components.design.alerts import WINDOWS
from components.design.monitoring.budget import WINDOW_DAYS
from components.design.monitoring.model import Monitoring, Sli
from pave.budgets.history import History, Slot
from pave.budgets.month import DAY_SECONDS, SLOT_SECONDS, Month, runs, written

BURN = WINDOWS["6h"].factor
"""So many times faster than allowed a budget burns in an incident: as fast as has somebody paged."""


class SpentWindow(msgspec.Struct, frozen=True, rename="camel"):
    """A time, `begin` to `end`, in which the budget of a promise burnt: `minutes` of it, counted as all that
    is spent is; `worst_percent` of what was asked then was bad at the worst."""

    sli: str
    begin: str
    end: str
    minutes: float
    worst_percent: float


def last_days(at: float) -> Month:
    """The window of budgets that ends at `at`, in seconds since 1970."""
    end = int(at // SLOT_SECONDS) * SLOT_SECONDS
    return Month(f"the last {WINDOW_DAYS} days", end - WINDOW_DAYS * DAY_SECONDS, end)


def spent_windows(monitoring: Monitoring, history: History) -> list[SpentWindow]:
    """The incidents of all promises in what was counted through a window, what took most first."""
    slis = [watch.sli for watch in monitoring.watches if watch.sli is not None]
    found = [one for sli in slis for one in _of(sli, history.slots.get(sli.name, {}))]
    return sorted(found, key=lambda one: (-one.minutes, one.begin, one.sli))


def _of(sli: Sli, slots: Mapping[int, Slot]) -> Iterator[SpentWindow]:
    allowed, events = (100 - sli.objective) / 100, sum(slot.events for slot in slots.values())
    for run in runs([at for at in sorted(slots) if slots[at].share >= BURN * allowed]):
        bad = sum(slots[at].bad for at in run)
        yield SpentWindow(
            sli=sli.name,
            begin=written(run[0] - SLOT_SECONDS),
            end=written(run[-1]),
            minutes=round(bad / events * WINDOW_DAYS * DAY_SECONDS / 60, 2),
            worst_percent=round(100 * max(slots[at].share for at in run), 2),
        )


def rows(found: Sequence[SpentWindow], most: int) -> Iterator[tuple[str, str, str, str]]:
    """The first of them for a table: when, which promise, how many minutes, and how bad it was."""
    for one in found[:most]:
        when = f"{one.begin[:10]} {one.begin[11:16]}-{one.end[11:16]}"
        yield when, one.sli, f"{one.minutes:.2f}", f"{one.worst_percent:g} %"
