"""When a phase in which users meet something may begin. Pure."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from components.design.migration.model import PhasePlan

LOCKED_FROM, LOCKED_TO = (4, 23), (0, 6)
"""From Friday 23:00 to Monday 06:00 UTC nobody changes what people would have to mend on a weekend, as in
https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/change-management/."""


def why_not_now(phase: PhasePlan, peak_hours: Collection[int], now: datetime) -> Iterator[str]:
    """Why a phase doesn't begin now (UTC): sentences, none when it may. `peak_hours` are the service's
    own."""
    if not phase.is_cut_over:
        return
    busy = {hour % 24 for each in peak_hours for hour in (each - 1, each)}
    if now.hour in busy:
        free = next(hour for hour in _hours_after(now) if hour.hour not in busy)
        said = ", ".join(f"{hour:02}:00" for hour in sorted(peak_hours))
        yield (
            f"{now:%H:%M} UTC is in, or just before, the service's own peak ({said}); from {free:%H:%M} on it"
            " isn't."
        )
    if _is_weekend(now):
        yield f"{now:%A} {now:%H:%M} UTC is in the weekend's lock, from Friday 23:00 to Monday 06:00."


def _hours_after(now: datetime) -> Iterator[datetime]:
    start = now.replace(minute=0, second=0, microsecond=0)
    return (start + timedelta(hours=number) for number in range(1, 25))


def _is_weekend(now: datetime) -> bool:
    hour = now.weekday(), now.hour
    return hour >= LOCKED_FROM or hour < LOCKED_TO
