"""The report on a plan: what a stack would register, what that changes, and the decision on it."""

import os
from collections.abc import Sequence

from catalog.document import pointer_of
from catalog.kinds.service import Service, service_at
from catalog.problem import Problem, problem_at
from components.design.edge.edge import edge
from components.design.edge_model import RecordElsewhere
from components.design.migration.passage import passage
from pave.planning.compare import NoEarlierPlan, counts, differences, physical, plan_at, protected
from pave.planning.decide import decide_plan, stack_named
from pave.reports.model import REFUSED, PlanReport, reported_problems
from pave.reviewing.changes import ResourceChange
from pave.reviewing.guards import update_refusals
from pave.terminal import progress
from pave.workspace import Workspace
from stacks.budgets.asking import asked_for
from stacks.budgets.running import NOTHING, Running, fingerprints
from stacks.gate.learning import Learnt
from stacks.plan import Plan
from stacks.stack import Stack, document_of


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
    refused = [] if before is None or found is None else _refused(work, stack, before, found)
    return PlanReport(
        today=work.today.isoformat(),
        revision=work.bundle.revision,
        allowed=decision.allowed and not refused,
        stack=str(stack),
        counts=counts(plan),
        protected=protected(plan),
        plan=plan,
        decision=decision,
        against=against,
        incomparable=incomparable,
        differences=found,
        records_elsewhere=_records_elsewhere(work, stack),
        problems=reported_problems(refused),
    )


def _refused(work: Workspace, stack: Stack, before: Plan, found: Sequence[ResourceChange]) -> list[Problem]:
    """The changes that no option of an update lets through, at what asks for them."""
    on_its_way = None if stack.service is None else passage(work.catalog, stack.service, stack.place)
    planned = () if on_its_way is None else on_its_way.losing
    origins = {change.urn: change.origin for change in found}
    described = document_of(work.catalog, stack)
    assert described is not None
    problems = []
    for refusal in update_refusals(found, len(physical(before)), planned=planned):
        origin = origins.get(refusal.urn)
        is_here = origin is not None and origin.document == described.path
        at = pointer_of(origin.pointer, described.data) if origin is not None and is_here else ()
        if not refusal.word:
            rule = f"{REFUSED}{refusal.guard}"
            problems.append(problem_at(described, at, rule, refusal.what, refusal.instead, refusal.why))
    return problems


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
