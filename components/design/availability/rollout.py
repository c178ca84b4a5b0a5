"""Whom a bad deploy strikes, and for how long, by what the design makes of a rollout."""

from collections.abc import Iterable
from typing import NamedTuple

from catalog.kinds.service_defaults import RESTORE_MINUTES
from catalog.kinds.service_spec import Rollout
from components.design.model import WorkloadDesign

ALL = 100.0

BY_PEOPLE = "spec.rollout"
"""Where the figures are from while nothing but people notices a bad deploy."""


class Strike(NamedTuple):
    """A bad deploy strikes so many percent of users for so many minutes; `source` says who ends it."""

    percent: float
    minutes: float
    source: str

    @property
    def cost(self) -> float:
        """What it takes of availability: the percent of users times minutes."""
        return self.percent * self.minutes


def strike(rollout: Rollout, workloads: Iterable[WorkloadDesign]) -> Strike:
    """What a bad deploy of some workloads of a service costs: of the one at which it costs most, since one
    deploy is of all of them. All is lost to whom it strikes.

    Without an analysis nobody sees what a new version does before everybody has it, and people take it back.
    With one it goes no further than its first step, and back when it is noticed if it does so by itself. What
    nobody can promise to notice in time (too little comes) is left there to people. A fault that shows only
    later, or that copies don't count, strikes more than this."""
    found = [_of(rollout, workload) for workload in workloads]
    return max(found, key=lambda each: each.cost, default=Strike(ALL, _by_people(rollout), BY_PEOPLE))


def _of(rollout: Rollout, workload: WorkloadDesign) -> Strike:
    by_people, made = _by_people(rollout), workload.rollout
    if made is None or made.analysis is None:
        return Strike(ALL, by_people, BY_PEOPLE)
    percent, notice = made.steps[0].percent, made.analysis.notice_seconds
    if notice is None:
        return Strike(percent, by_people, BY_PEOPLE)
    if not made.turns_back:
        return Strike(percent, notice / 60 + by_people, BY_PEOPLE)
    return Strike(percent, (notice + made.undo_seconds) / 60, f"the analysis of {workload.name}")


def _by_people(rollout: Rollout) -> float:
    """The minutes until people have taken it back; what its owner says of an automatic one is no word on
    them."""
    if rollout.rollback == "manual":
        return rollout.restore_minutes
    return max(rollout.restore_minutes, float(RESTORE_MINUTES["manual"]))
