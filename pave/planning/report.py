"""The report on a plan: what a stack would register, what that changes, and the decision on it."""

import os

from catalog.kinds.service import Service, service_at
from components.design.edge.edge import edge
from components.design.edge_model import (
    RecordElsewhere,
)
from pave.planning.compare import NoEarlierPlan, counts, differences, plan_at, protected
from pave.planning.decide import decide_plan, stack_named
from pave.reports.model import PlanReport
from pave.terminal import progress
from pave.workspace import Workspace
from stacks.budgets.asking import asked_for
from stacks.budgets.running import NOTHING, Running, fingerprints
from stacks.gate.learning import Learnt
from stacks.plan import Plan
from stacks.stack import Stack


def plan_report(
    work: Workspace, name: str, environment: str | None, against: str | None, budget: str | None = None
) -> PlanReport:
    """The report on the stack that `name` means, compared with its plan at the git revision `against`. With
    what is left of error budgets, in the file or at the URL `budget`, that revision is taken for what runs.

    Raises Refused when there is no such stack, NoVerdict when there is no plan of it or no decision."""
    stack = stack_named(work, name, environment)
    before, incomparable = None, None
    if against is not None:
        try:
            with progress(f"Recording {stack} at {against}"):
                before = plan_at(against, work.root, str(stack))
        except NoEarlierPlan as error:
            incomparable = str(error)
    with progress(f"Recording {stack}"):
        plan, decision = decide_plan(work, stack, _learnt(work, stack, budget, before))
    found = None if before is None else differences(before, plan)
    return PlanReport(
        today=work.today.isoformat(),
        revision=work.bundle.revision,
        allowed=decision.allowed,
        stack=str(stack),
        counts=counts(plan),
        protected=protected(plan),
        plan=plan,
        decision=decision,
        against=against,
        incomparable=incomparable,
        differences=found,
        records_elsewhere=_records_elsewhere(work, stack),
    )


def _learnt(work: Workspace, stack: Stack, budget: str | None, before: Plan | None) -> Learnt | None:
    """What is learnt of a stack's service; None where nobody said whom to ask for its budgets."""
    service = None if stack.service is None else service_at(work.catalog, stack.service, stack.place)
    if budget is None or not isinstance(service, Service):
        return None
    asked = asked_for(work.catalog, service, budget, os.environ)
    running = None if before is None else Running(fingerprints(before)) if before.resources else NOTHING
    return None if asked is None else Learnt(asked, running)


def _records_elsewhere(work: Workspace, stack: Stack) -> list[RecordElsewhere]:
    """The DNS records that others have to make before a stack's service can be reached."""
    service = None if stack.service is None else service_at(work.catalog, stack.service, stack.place)
    front = edge(service) if isinstance(service, Service) else None
    return [] if front is None else front.records_elsewhere
