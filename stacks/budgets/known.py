"""What is known of a service besides its spec and its plan: what is left of its error budgets, and what an
update would change of what runs. This is `state` of the rule input."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from catalog.kind import Documents
from catalog.kinds.service import Service
from components.design.migration.quiet import CutOver
from components.design.monitoring.budget import WINDOW_DAYS, State, budgets
from components.design.monitoring.monitored import monitored
from stacks.budgets.measured import NotMeasured, measured
from stacks.budgets.running import ASPECTS, Running, change, fingerprints
from stacks.plan import Plan

FRESH = timedelta(days=1)
"""How old an answer may be: half a day of an outage is more than most budgets."""

Purpose = Literal["change", "rollback", "reliability"]


class KnownBudget(msgspec.Struct, frozen=True, rename="camel"):
    """The worst error budget of a service: its `state`, and what there is to say of it, a clause."""

    state: State
    said: str


class Risk(msgspec.Struct, frozen=True, rename="camel"):
    """Something that an update changes and that may break the service: the `field` of the spec that it
    follows from, and `what` it is, in words."""

    field: str
    what: str


class KnownChange(msgspec.Struct, frozen=True, rename="camel"):
    """What an update would change. `is_known` is False where nobody knows what runs; then there are no
    `risks`, and may be some. `purpose` is what it is for: a rollback is seen, reliability is somebody's
    word."""

    is_known: bool
    purpose: Purpose
    risks: list[Risk]


class KnownState(msgspec.Struct, frozen=True, rename="camel"):
    """`state` of the rule input. `cut_over` is None where the update moves no users and interrupts nothing on
    a migration's way."""

    budget: KnownBudget
    change: KnownChange
    cut_over: CutOver | None = None


class BudgetAnswer(NamedTuple):
    """An answer of a server or a file, `source`; None, and `why`, where there is none."""

    answer: bytes | None
    source: str
    why: str = ""


def known(
    catalog: Documents,
    service: Service,
    asked: BudgetAnswer,
    before: Running | None,
    plan: Plan | None,
    today: date,
    *,
    is_reliability: bool,
    cut_over: CutOver | None = None,
) -> KnownState:
    """What is known of a service that is to become as `plan` says; None where no plan was made. `before` is
    what runs, None where nobody knows. `is_reliability`: somebody says that the change is for that.
    `cut_over` is the one that the update is."""
    return KnownState(
        known_budget(catalog, service, asked, today),
        known_change(before, plan, is_reliability=is_reliability),
        cut_over,
    )


def known_budget(catalog: Documents, service: Service, asked: BudgetAnswer, today: date) -> KnownBudget:
    """The worst budget of a service, by an answer that is no more than a day old."""
    if asked.answer is None:
        return _unknown(asked.why)
    watched = monitored(catalog, service)
    try:
        found = measured(asked.answer, asked.source, watched.labels["cell"], service.name)
    except NotMeasured as error:
        return _unknown(str(error).rstrip("."))
    if found.ratios and (day := datetime.fromtimestamp(found.at, UTC).date()) < today - FRESH:
        return _unknown(f"{asked.source} is of {day}")
    if not found.ratios:
        return _unknown(f"{asked.source} says nothing of {service.name} in {service.place}")
    sli, worst = budgets(watched, found.ratios)[0]
    if worst.spent is None:
        return _unknown(f"{asked.source} says nothing of {sli.name}")
    spent = f"{worst.spent:.2f} of {worst.allowed:.2f} minutes in {WINDOW_DAYS} days"
    return KnownBudget(worst.state, f"{spent} are spent for {sli.name}, says {asked.source}")


def _unknown(why: str) -> KnownBudget:
    return KnownBudget("unknown", f"nobody can say what is left, for {why}")


def known_change(before: Running | None, plan: Plan | None, *, is_reliability: bool) -> KnownChange:
    """What would change of what runs. Aspects that follow from one field of the spec are one risk."""
    purpose: Purpose = "reliability" if is_reliability else "change"
    if before is None or plan is None:
        return KnownChange(is_known=False, purpose=purpose, risks=[])
    found = change(before, fingerprints(plan))
    by_field: dict[str, list[str]] = {}
    for aspect in found.aspects:
        field, what = ASPECTS[aspect]
        by_field.setdefault(field, []).append(what)
    risks = [Risk(field, " and ".join(whats)) for field, whats in by_field.items()]
    return KnownChange(is_known=True, purpose="rollback" if found.is_rollback else purpose, risks=risks)
