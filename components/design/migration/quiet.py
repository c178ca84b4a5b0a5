"""When a phase in which users meet something may begin: no lock of changes is on, and it isn't the service's
own peak. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from catalog.kinds.environment import ChangeLock, Environment
from catalog.kinds.service import Service
from catalog.loader import Catalog
from catalog.migration.phases import DONE, TODAY

LOCKED_FROM, LOCKED_TO = (4, 23), (0, 6)
"""From Friday 23:00 to Monday 06:00 UTC nobody changes what people would have to mend on a weekend, as in
https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/change-management/."""


class CutOver(msgspec.Struct, frozen=True, rename="camel"):
    """A phase that is about to be made in which users are moved, or meet an interruption: its id in `phase`,
    and the time (UTC). `locks` are clauses on the locks of changes that are on, and `peak` one on the
    service's own peak, empty outside of it."""

    phase: str
    at: str
    locks: list[str]
    peak: str

    @property
    def why_not(self) -> list[str]:
        """Why it doesn't begin now: sentences, none when it may."""
        return [f"{self.at} UTC is {each}." for each in (*self.locks, *filter(None, [self.peak]))]


def cut_over(catalog: Catalog, service: Service, made: str | None, now: datetime) -> CutOver | None:
    """The cut-over that an update of a service's stack is, by the phase that it was `made` in; None where it
    is none: the service doesn't move there, users meet nothing, or it goes back, stays where it is, or would
    jump over phases, which is refused anyhow."""
    way = catalog.way(service.name)
    if way is None or way.place != service.place or way.problems:
        return None
    order = [*(phase.id for phase in way.phases), DONE]
    current = str(way.migration.data["spec"].get("phase", TODAY))
    if current == DONE or made not in order or order.index(current) != order.index(made) + 1:
        return None
    step = way.phases[order.index(current)].step
    if step is None or not step.is_cut_over:
        return None
    written = way.own.data["spec"].get("traffic", {}).get("peakHours", ())
    return quiet_or_not(current, service.environment, {*service.spec.traffic.peak_hours, *written}, now)


def quiet_or_not(phase: str, environment: Environment, peak_hours: Collection[int], now: datetime) -> CutOver:
    """A cut-over at a time (UTC). `peak_hours` are the service's own, of today and of what is to be: they are
    the same users."""
    locks = [*_locks(environment.spec.change_locks, now)]
    return CutOver(phase, f"{now:%A %Y-%m-%d %H:%M}", locks, _peak(peak_hours, now))


def _locks(locks: Sequence[ChangeLock], now: datetime) -> Iterator[str]:
    hour = now.weekday(), now.hour
    if hour >= LOCKED_FROM or hour < LOCKED_TO:
        yield "in the weekend's lock, from Friday 23:00 to Monday 06:00"
    today = f"{now:%m-%d}"
    for each in locks:
        ends_in_it = each.from_ <= each.to
        if each.from_ <= today <= each.to if ends_in_it else today >= each.from_ or today <= each.to:
            yield f"in a lock of changes, {each.name}, from {each.from_} to {each.to}"


def _peak(peak_hours: Collection[int], now: datetime) -> str:
    busy = {hour % 24 for each in peak_hours for hour in (each - 1, each)}
    if now.hour not in busy:
        return ""
    start = now.replace(minute=0, second=0, microsecond=0)
    coming = (start + timedelta(hours=number) for number in range(1, 25))
    free = next((hour for hour in coming if hour.hour not in busy), None)
    said = ", ".join(f"{hour:02}:00" for hour in sorted(peak_hours))
    later = "" if free is None else f"; from {free:%H:%M} on it isn't"
    return f"in, or just before, the service's own peak ({said}){later}"
