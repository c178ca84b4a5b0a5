"""How available a service was in a month, as it is published: by journey, with its incidents and what counts.

A minute is up when it was measured and fewer than DOWN of its requests failed
(https://handbook.gitlab.com/handbook/engineering/infrastructure/service-level-agreement/). One that nobody
measured is not up. What was excluded is no minute of the month; only what was announced before it began is
excluded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from components.design.monitoring.model import Monitoring, Sli
from pave.budgets.history import History, Slot
from pave.budgets.month import SLOT_SECONDS, Month, runs, written

DOWN = 0.05
"""Share of requests that fail, from which on a minute is down."""

MINUTES = SLOT_SECONDS // 60


class ExcludedWindow(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A time that isn't to count, `begin` to `end`, `why`, and when it was `announced`. Times have a zone."""

    begin: datetime
    end: datetime
    announced: datetime
    why: str


class Excluded(msgspec.Struct, frozen=True, rename="camel"):
    """A window that was asked to be excluded. `minutes` of the month are; none, where `counts` says why it
    counts after all."""

    begin: str
    end: str
    announced: str
    why: str
    minutes: int
    counts: str


class IncidentWindow(msgspec.Struct, frozen=True, rename="camel"):
    """A time in which a journey was down for `minutes`: `worst_percent` of its requests failed at the worst,
    and `failed` of them in all, rounded."""

    journey: str
    begin: str
    end: str
    minutes: int
    worst_percent: float
    failed: int


class JourneyMonth(msgspec.Struct, frozen=True, rename="camel"):
    """A journey, or with an empty name the service, through a month. `minutes` are all that were up, down,
    unmeasured or excluded. `available_percent` is of those that aren't excluded, None where there are none;
    `good_percent` of the requests that were counted, None where there were none."""

    journey: str
    title: str
    objective: float
    minutes: int
    up_minutes: int
    down_minutes: int
    unmeasured_minutes: int
    excluded_minutes: int
    available_percent: float | None
    good_percent: float | None
    is_kept: bool | None


class AvailabilityMonthReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave publish` writes. `place` is an environment, or an instance of the service there. `as_seen`
    is the service as its own load balancer counts it; `from_outside` the share of probes that reached it in
    percent, None where none were told. `is_whole` is False for a month that wasn't over."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["AvailabilityMonthReport"] = "AvailabilityMonthReport"
    service: str
    title: str
    place: str
    month: str
    is_whole: bool
    source: str
    down_from_percent: float
    slot_minutes: int
    as_seen: JourneyMonth
    from_outside: float | None
    probed_minutes: int
    journeys: list[JourneyMonth]
    incidents: list[IncidentWindow]
    excluded: list[Excluded]


def availability_month(
    monitoring: Monitoring,
    title: str,
    target: float,
    weights: Mapping[str, int],
    history: History,
    excluded: Iterable[ExcludedWindow],
    month: Month,
    now: datetime,
    source: str,
) -> AvailabilityMonthReport:
    """The report on a month of a service that has promised `target` percent. Journeys whose weight is 0 are
    shown and don't count for it. `now` says how much of the month is over; what is to come counts as
    nothing."""
    asked = list(excluded)
    ends = [end for end in month.slots if end <= now.timestamp()]
    left_out = {end for end in ends if any(_covers(window, end) for window in asked)}
    slis = [
        watch.sli
        for watch in monitoring.watches
        if watch.sli is not None and watch.sli.kind == "availability"
    ]
    slots = {sli.subject: history.slots.get(sli.name, {}) for sli in slis}
    counting = [slots[sli.subject] for sli in slis if weights.get(sli.subject, 1) > 0]
    return AvailabilityMonthReport(
        service=monitoring.labels["service"],
        title=title,
        place=monitoring.labels["cell"],
        month=month.name,
        is_whole=now.timestamp() >= month.end,
        source=source,
        down_from_percent=100 * DOWN,
        slot_minutes=MINUTES,
        as_seen=_through(("", title, target), _together(counting, ends), _down(counting), ends, left_out),
        from_outside=_mean([share for at, share in history.probes.items() if at not in left_out]),
        probed_minutes=MINUTES * len(history.probes),
        journeys=[
            _through(
                (sli.subject, _title(sli), sli.objective),
                slots[sli.subject],
                _down([slots[sli.subject]]),
                ends,
                left_out,
            )
            for sli in slis
        ],
        incidents=sorted(
            (one for sli in slis for one in _incidents(sli.subject, slots[sli.subject], left_out)),
            key=lambda one: (one.begin, one.journey),
        ),
        excluded=[_shown(window, ends) for window in asked],
    )


def _title(sli: Sli) -> str:
    return sli.title.partition(":")[0]


def _covers(window: ExcludedWindow, end: int) -> bool:
    """Whether a slot lies in a window that was announced before it began, as a whole."""
    begin = end - SLOT_SECONDS
    in_time = window.announced < window.begin
    return in_time and window.begin.timestamp() <= begin and end <= window.end.timestamp()


def _shown(window: ExcludedWindow, ends: Sequence[int]) -> Excluded:
    late = "" if window.announced < window.begin else "announced when it had begun"
    minutes = MINUTES * sum(_covers(window, end) for end in ends)
    begin, end, announced = (written(at.timestamp()) for at in (window.begin, window.end, window.announced))
    return Excluded(begin, end, announced, window.why, minutes, late)


def _together(journeys: Sequence[Mapping[int, Slot]], ends: Iterable[int]) -> dict[int, Slot]:
    """All requests of a service, in the slots in which each of its journeys was measured."""
    return {
        end: Slot(sum(each[end].events for each in journeys), sum(each[end].bad for each in journeys))
        for end in ends
        if journeys and all(end in each for each in journeys)
    }


def _down(journeys: Iterable[Mapping[int, Slot]]) -> set[int]:
    """The slots in which any of them is down."""
    return {at for each in journeys for at, slot in each.items() if slot.share >= DOWN}


def _through(
    what: tuple[str, str, float],
    slots: Mapping[int, Slot],
    down: set[int],
    ends: Sequence[int],
    left_out: set[int],
) -> JourneyMonth:
    """`what` are the journey, its title and its objective."""
    counting = [end for end in ends if end not in left_out]
    measured = [slots[end] for end in counting if end in slots]
    is_down = sum(end in down for end in counting)
    up = sum(end in slots and end not in down for end in counting)
    events = sum(slot.events for slot in measured)
    available = 100 * up / len(counting) if counting else None
    good = 100 * (1 - sum(slot.bad for slot in measured) / events) if events else None
    journey, title, objective = what
    return JourneyMonth(
        journey=journey,
        title=title,
        objective=objective,
        minutes=MINUTES * len(ends),
        up_minutes=MINUTES * up,
        down_minutes=MINUTES * is_down,
        unmeasured_minutes=MINUTES * (len(counting) - up - is_down),
        excluded_minutes=MINUTES * len(left_out),
        available_percent=None if available is None else round(available, 4),
        good_percent=None if good is None else round(good, 4),
        is_kept=None if available is None else available >= objective,
    )


def _incidents(journey: str, slots: Mapping[int, Slot], left_out: set[int]) -> Iterator[IncidentWindow]:
    """Times in which slots are down, with no more than a few between them that aren't."""
    down = [at for at in sorted(slots) if slots[at].share >= DOWN and at not in left_out]
    for run in runs(down):
        yield IncidentWindow(
            journey=journey,
            begin=written(run[0] - SLOT_SECONDS),
            end=written(run[-1]),
            minutes=MINUTES * len(run),
            worst_percent=round(100 * max(slots[one].share for one in run), 2),
            failed=round(sum(slots[one].bad for one in run)),
        )


def _mean(shares: Sequence[float]) -> float | None:
    return round(100 * sum(shares) / len(shares), 4) if shares else None
