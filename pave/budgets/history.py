"""What was counted through a month: asked of a server that speaks Prometheus' API, or read from its answer.

https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from components.design.monitoring.promql import quoted
from pave.budgets.month import SLOT_SECONDS, Month
from pave.refused import Refused
from stacks.budgets.measured import Success

EVENTS, BAD, PROBE = "sli:events:rate5m", "sli:bad:rate5m", "probe_success"


class Series(msgspec.Struct, frozen=True):
    """A series and its values through a time."""

    metric: dict[str, str]
    values: list[tuple[float, str]]


class Matrix(msgspec.Struct, frozen=True):
    """The result of a range query."""

    result: list[Series]


class RangeAnswer(Success, frozen=True):
    """To a range query."""

    data: Matrix


class Slot(NamedTuple):
    """What was counted of a promise in five minutes: events, and how many of them were bad."""

    events: float
    bad: float

    @property
    def share(self) -> float:
        """Of them that was bad; of none, none."""
        return self.bad / self.events if self.events else 0.0


class History(NamedTuple):
    """What was counted of each promise, by its name and the end of the slot; and whether probes from outside
    reached the service, by the end of the slot: the share of them, 0 to 1."""

    slots: dict[str, dict[int, Slot]]
    probes: dict[int, float]


def query(service: str, cell: str) -> str:
    """What is asked: all that a month's availability stands on."""
    names = quoted(f"{EVENTS}|{BAD}|{PROBE}")
    return f"{{__name__=~{names},service={quoted(service)},cell={quoted(cell)}}}"


def fields(service: str, cell: str, month: Month) -> dict[str, str]:
    """The fields of a range query on a month."""
    first, last = month.slots[0], month.slots[-1]
    step = str(SLOT_SECONDS)
    return {"query": query(service, cell), "start": str(first), "end": str(last), "step": step}


def history(answer: bytes, source: str, cell: str, service: str, month: Month) -> History:
    """What an answer says of a month. Of two replicas the one that has seen more failures counts. What is
    outside the month, or no number, is left out. Raises Refused for what is no answer of the API."""
    try:
        found = msgspec.json.decode(answer, type=RangeAnswer)
    except msgspec.DecodeError as error:
        raise Refused(f"{source} holds no answer of Prometheus' query API over a time: {error}.") from error
    ours = [one for one in found.data.result if _is_of(one.metric, service, cell)]
    ends = set(month.slots)
    counted: dict[tuple[str, str], dict[tuple[tuple[str, str], ...], dict[int, float]]] = {}
    for one in ours:
        name, replica = one.metric.get("__name__", ""), _rest(one.metric)
        sli = one.metric.get("sli", "")
        counted.setdefault((name, sli), {})[replica] = _numbers(one.values, ends)
    slots = {
        sli: _worst(counted.get((EVENTS, sli), {}), counted.get((BAD, sli), {}))
        for sli in sorted({sli for name, sli in counted if name == EVENTS and sli})
    }
    every = [values for (name, _), probes in counted.items() if name == PROBE for values in probes.values()]
    return History(slots, _shares(every))


def _is_of(labels: Mapping[str, str], service: str, cell: str) -> bool:
    return (labels.get("service"), labels.get("cell")) == (service, cell)


def _rest(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What tells a series from others of its name and promise."""
    return tuple(sorted((name, value) for name, value in labels.items() if name not in {"__name__", "sli"}))


def _numbers(values: Iterable[tuple[float, str]], ends: set[int]) -> dict[int, float]:
    found = {}
    for at, text in values:
        try:
            value = float(text)
        except ValueError:
            continue
        if at in ends and 0 <= value < float("inf"):
            found[int(at)] = value
    return found


def _worst(
    events: Mapping[tuple[tuple[str, str], ...], Mapping[int, float]],
    bad: Mapping[tuple[tuple[str, str], ...], Mapping[int, float]],
) -> dict[int, Slot]:
    """By slot, of the replicas that know both. Where all is known but the bad ones, nothing is."""
    found: dict[int, Slot] = {}
    for replica, rates in events.items():
        failed = bad.get(replica, {})
        for at, rate in rates.items():
            if at not in failed:
                continue
            slot = Slot(rate * SLOT_SECONDS, min(rate, failed[at]) * SLOT_SECONDS)
            if at not in found or found[at].share < slot.share:
                found[at] = slot
    return found


def _shares(probes: Iterable[Mapping[int, float]]) -> dict[int, float]:
    by_slot: dict[int, list[float]] = {}
    for values in probes:
        for at, value in values.items():
            by_slot.setdefault(at, []).append(min(value, 1.0))
    return {at: sum(values) / len(values) for at, values in sorted(by_slot.items())}
