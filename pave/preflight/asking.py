"""Asks every question on a stack, and words the answers."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from catalog.document import Json
from catalog.kinds.environment import Environment
from components.design.foundation.cluster import node_account
from pave.delivery.engine.intents import Intents
from pave.delivery.engine.stack import deployed, open_stack
from pave.delivery.engine.target import Target
from pave.delivery.held_back import to_be_set
from pave.delivery.recovery.intended import with_intended
from pave.delivery.secret_values import design_of, holder
from pave.delivery.stated_quotas import state_quotas
from pave.preflight.model import (
    CloudProject,
    ManagedResource,
    NoAnswer,
    PlannedStack,
    PreflightAnswer,
    PreflightFinding,
    PreflightReport,
)
from pave.refused import Refused
from pave.terminal import progress
from pave.workspace import Workspace
from policies.wording import Line, Style
from stacks.backend import cut_off, folder_of, is_in_a_cloud, state
from stacks.plan import Plan
from stacks.stack import Stack, foundation_stack

PreflightQuestion = Callable[[PlannedStack, CloudProject], Iterator[PreflightFinding]]

SAID: Mapping[PreflightAnswer, tuple[Style, str]] = {
    "no": ("bad", "✗ no"),
    "undecided": ("plain", "? undecided"),
    "waits": ("plain", "… waits"),
    "ok": ("good", "✓ ok"),
}


def questions() -> dict[str, PreflightQuestion]:
    """What is asked, by name."""
    package = import_module("pave.preflight.questions")
    names = sorted(module.name for module in iter_modules(package.__path__))
    return {name: import_module(f"{package.__name__}.{name}").ask for name in names}


def cloud_project(target: Target) -> CloudProject:
    """The projects of the cloud that a target is."""
    if target.state is not None:
        from pave.preflight.local_project import LocalProject

        return LocalProject(target.state)
    from pave.preflight.google_project import GoogleProject

    return GoogleProject(target.environment)


def preflight(work: Workspace, stack: Stack, plan: Plan, target: Target) -> PreflightReport:
    """Asks the cloud of a target about a recorded stack. Raises Refused when its back end can't be used."""
    if target.state is not None:
        state_quotas(target.state, work.catalog)
    known = _state(work, stack, target)
    planned = planned_stack(work, stack, plan, _managed(known), _begun(known, stack, target))
    return PreflightReport(
        stack=str(stack), cloud=target.cloud, findings=answers(planned, cloud_project(target))
    )


def planned_stack(
    work: Workspace,
    stack: Stack,
    plan: Plan,
    managed: Mapping[str, ManagedResource],
    begun: frozenset[str] = frozenset(),
) -> PlannedStack:
    """A recorded stack with what else the questions are about."""
    design = design_of(work, stack)
    secrets = {each.name: holder(design, each) for each in to_be_set(design)} if design else {}
    foundation = str(foundation_stack(stack.environment))
    return PlannedStack(str(stack), plan.resources, managed, foundation, _nodes(work, stack), secrets, begun)


def answers(planned: PlannedStack, cloud: CloudProject) -> list[PreflightFinding]:
    """The findings of every question. What gets no answer is undecided."""
    found: list[PreflightFinding] = []
    for name, ask in questions().items():
        with progress(f"Asking {planned.stack}'s cloud: {name}"):
            try:
                found += ask(planned, cloud)
            except NoAnswer as error:
                fix = "Ask for the right to read it."
                found.append(PreflightFinding(name, planned.stack, "undecided", str(error), fix))
    return found


def _nodes(work: Workspace, stack: Stack) -> str:
    """The email of what the nodes of a stack's environment run as; empty when its file can't be used."""
    environment = work.catalog.find(Environment, stack.environment)
    if environment is None:
        return ""
    account = node_account(environment)
    return f"{account.resource}@{account.project}.iam.gserviceaccount.com"


def _state(work: Workspace, stack: Stack, target: Target) -> Json:
    """The state of a stack; an empty one where it was never updated."""
    folder = folder_of(target.backend)
    found = state(folder, str(stack)) if folder is not None else None
    if found is None and str(stack) in deployed(target):
        if folder is not None:
            raise Refused(f"The state of {stack} can't be read, so what is its own can't be told.")
        opened = open_stack(target, work.catalog, work.root, stack, work.today, None, work.rules.own)
        found = opened.engine.export_stack().deployment
    return dict(found or {})


def _managed(known: Json) -> dict[str, ManagedResource]:
    """What is in a state, by URN."""
    return {
        each["urn"]: ManagedResource(each.get("id", ""), each.get("inputs") or {})
        for each in known.get("resources") or []
        if is_in_a_cloud(each)
    }


def _begun(known: Json, stack: Stack, target: Target) -> frozenset[str]:
    """The URNs of what an update of a stack was about to create when it was cut off."""
    whole = with_intended(known, Intents(target.backend, str(stack)).read())
    return frozenset(each.urn for each in cut_off(whole))


def describe_preflight(report: PreflightReport) -> Iterator[Line]:
    """The report for a person: what isn't ok with its fix, then a count by question."""
    for answer in ("no", "undecided", "waits"):
        for each in report.findings:
            if each.answer == answer:
                style, word = SAID[answer]
                yield Line(style, f"{word}  {each.question}: {each.subject} {each.what}")
                yield Line("plain", f"  fix  {each.fix}")
    for name in dict.fromkeys(each.question for each in report.findings):
        of = [each for each in report.findings if each.question == name]
        said = ", ".join(
            f"{number} {answer}" for answer in SAID if (number := sum(each.answer == answer for each in of))
        )
        yield Line("faint", f"{name}: {said}")
    open_ = "UNDECIDED" if report.count("undecided") else "WAITS"
    verdict = {0: "CLEAR", 1: "NOT CLEAR", 3: open_}[report.exit_code]
    style = "good" if report.exit_code == 0 else "bad"
    yield Line(
        style,
        f"{verdict}  {report.stack}: {report.count('ok')} ok, {report.count('no')} no,"
        f" {report.count('undecided')} undecided, {report.count('waits')} waits",
    )
