"""The report on a plan: what a stack would register, what that changes, and the decision on it."""

from catalog.kinds.service import Service, service_at
from components.design.edge.edge import edge
from components.design.model import RecordElsewhere
from pave.planning.compare import NoEarlierPlan, counts, differences, plan_at, protected
from pave.planning.decide import decide_plan, stack_named
from pave.reports.model import PlanReport
from pave.terminal import progress
from pave.workspace import Workspace
from stacks.stack import Stack


def plan_report(work: Workspace, name: str, environment: str | None, against: str | None) -> PlanReport:
    """The report on the stack that `name` means, compared with its plan at the git revision `against`.

    Raises Refused when there is no such stack, NoVerdict when there is no plan of it or no decision."""
    stack = stack_named(work, name, environment)
    with progress(f"Recording {stack}"):
        plan, decision = decide_plan(work, stack)
    found, incomparable = None, None
    if against is not None:
        try:
            with progress(f"Recording {stack} at {against}"):
                found = differences(plan_at(against, work.root, str(stack)), plan)
        except NoEarlierPlan as error:
            incomparable = str(error)
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


def _records_elsewhere(work: Workspace, stack: Stack) -> list[RecordElsewhere]:
    """The DNS records that others have to make before a stack's service can be reached."""
    service = None if stack.service is None else service_at(work.catalog, stack.service, stack.place)
    front = edge(service) if isinstance(service, Service) else None
    return [] if front is None else front.records_elsewhere
