"""Error budgets: how much of a promise may be missed, and how much has been.

A promise of 99.95 % over 28 days allows 20.16 minutes; the states are those of
https://handbook.gitlab.com/handbook/engineering/error-budgets/ and the halves and fifths between."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from components.design.monitoring.model import Monitoring, Sli

WINDOW_DAYS = 28
WINDOW_MINUTES = WINDOW_DAYS * 24 * 60

State = Literal["healthy", "watch", "at risk", "exhausted", "unknown"]

STATES: tuple[tuple[float, State], ...] = ((1.0, "exhausted"), (0.8, "at risk"), (0.5, "watch"))
"""From which share of a budget on it is in which state; below it is healthy."""


ORDER: tuple[State, ...] = ("exhausted", "at risk", "unknown", "watch", "healthy")
"""Most urgent first. What nobody knows is no reason to be calm."""


class Ratios(NamedTuple):
    """The share of bad events of a promise, over the whole window and now; None where nobody knows."""

    whole: float | None
    now: float | None


UNMEASURED = Ratios(None, None)


class Budget(NamedTuple):
    """The budget of a promise over the window, in minutes: `allowed`, and `spent`, None where nobody knows.
    `burn` is how many times faster than allowed it goes now, None likewise."""

    objective: float
    spent: float | None
    burn: float | None

    @property
    def allowed(self) -> float:
        """Minutes that may be missed."""
        return WINDOW_MINUTES * (100 - self.objective) / 100

    @property
    def remaining(self) -> float | None:
        """Minutes that may still be missed; below 0 it is over-spent."""
        return None if self.spent is None else self.allowed - self.spent

    @property
    def share(self) -> float | None:
        """How much of it is spent: 1 is all."""
        if self.spent is None:
            return None
        return self.spent / self.allowed if self.allowed else float(self.spent > 0)

    @property
    def state(self) -> State:
        """What that means."""
        if self.share is None:
            return "unknown"
        return next((state for share, state in STATES if self.share >= share), "healthy")

    @property
    def days_left(self) -> float | None:
        """Days until all of it is spent, at the pace of now; None where it isn't being spent, or nobody
        knows. What leaves the window meanwhile is not counted: it is sooner rather than later."""
        if self.share is None or not self.burn:
            return None
        return max(0.0, 1 - self.share) * WINDOW_DAYS / self.burn


def budget(objective: float, bad_ratio: float | None, bad_ratio_now: float | None) -> Budget:
    """The budget of an objective in percent, from the share of bad events over the whole window, and over
    the last hours."""
    allowed = (100 - objective) / 100
    spent = None if bad_ratio is None else bad_ratio * WINDOW_MINUTES
    burn = None if bad_ratio_now is None or not allowed else bad_ratio_now / allowed
    return Budget(objective, spent, burn)


def budgets(monitoring: Monitoring, measured: Mapping[str, Ratios]) -> list[tuple[Sli, Budget]]:
    """The budget of all that is promised of a service at a place, most urgent first. `measured` is by the
    names of promises; what isn't in it is unknown."""
    found = [
        (watch.sli, budget(watch.sli.objective, *measured.get(watch.sli.name, UNMEASURED)))
        for watch in monitoring.watches
        if watch.sli is not None
    ]
    return sorted(found, key=lambda one: (ORDER.index(one[1].state), -(one[1].share or 0), one[0].name))
