"""What is learnt of a service before its stack is judged: what is left of its budgets, what runs now."""

import os
from datetime import date
from typing import Any, NamedTuple

import msgspec
import pulumi

from catalog.kinds.service import Service
from catalog.loader import Catalog
from components.design.migration.passage import OUTPUT as PHASE
from components.design.migration.quiet import CutOver
from stacks.budgets.asking import asked_for
from stacks.budgets.known import BudgetAnswer
from stacks.budgets.running import NOTHING, Running, fingerprints, following, read_running
from stacks.gate.break_glass import RELIABILITY, Glass, NotInForce, read_glass
from stacks.gate.previous import NobodyKnows, outputs_before
from stacks.gate.seal import OUTPUT
from stacks.plan import Plan
from stacks.stack import PROJECT

BUDGET = "budget"
"""The name in a stack's configuration, below `pave`, of where its error budgets are asked for."""


class Learnt(NamedTuple):
    """What is learnt of a service besides its files, before its stack is judged: the answer on its error
    budgets, what runs (None where nobody knows), whose word it is that the change is for reliability, None
    where nobody says so, and the cut-over that the update is, None where it is none."""

    asked: BudgetAnswer
    running: Running | None
    reliability: Glass | None = None
    cut_over: CutOver | None = None


NOBODY_ASKED = BudgetAnswer(None, "", "nobody says where they are asked")
"""Of budgets, where a cut-over has to know."""


def before_update() -> tuple[Running | None, str | None]:
    """What the last update of the current stack brought, and the phase of a migration that it made, None
    where it made none; None, and a warning, where nobody knows."""
    try:
        outputs = outputs_before(pulumi.runtime.settings.get_monitor())
        return read_running(outputs.get(OUTPUT)), outputs.get(PHASE)
    except NobodyKnows as error:
        pulumi.log.warn(f"What runs now isn't known, so no rule can tell what changes: {error}")
        return None, None


def learn(
    catalog: Catalog,
    service: Service,
    plan: Plan,
    today: date,
    running: Running | None,
    moves: CutOver | None,
    asked: BudgetAnswer | None,
    reliability: Glass | None,
) -> tuple[Learnt | None, dict[str, Any]]:
    """What is learnt of the service of the current stack, None where nobody says whom to ask of its budgets
    and the update is no cut-over (`moves`); and what the seal has to remember of an update from what is
    `running` to `plan`. `asked` and `reliability` are as for `run_gated`."""
    config = pulumi.Config(PROJECT)
    kept: dict[str, Any] = {"running": msgspec.to_builtins(following(running or NOTHING, fingerprints(plan)))}
    asked = asked or asked_for(catalog, service, config.get(BUDGET), os.environ)
    if asked is None:
        return (None if moves is None else Learnt(NOBODY_ASKED, running, cut_over=moves)), kept
    reliability = reliability or _word(config, today)
    if reliability is not None:
        pulumi.log.warn(f"This is for reliability, whatever is left of the error budget: {reliability}")
        kept[RELIABILITY] = msgspec.to_builtins(reliability)
    return Learnt(asked, running, reliability, moves), kept


def _word(config: pulumi.Config, today: date) -> Glass | None:
    """Whose word it is in a stack's configuration that this is for reliability."""
    try:
        return read_glass(config.get_object(RELIABILITY), today)
    except pulumi.ConfigTypeError:
        why = "it isn't an object"
    except NotInForce as error:
        why = str(error)
    pulumi.log.warn(f"The setting {PROJECT}:{RELIABILITY} says nothing: {why}.")
    return None
