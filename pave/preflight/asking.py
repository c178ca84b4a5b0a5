"""Asks every question on a stack."""

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from catalog.document import Json
from catalog.kinds.environment import Environment
from components.design.foundation.cluster import node_account
from components.design.model import Design
from pave.delivery.engine.intents import Intents
from pave.delivery.engine.stack import deployed, open_stack
from pave.delivery.engine.target import Target
from pave.delivery.held_back import to_be_set
from pave.delivery.recovery.intended import with_intended
from pave.delivery.secret_values import design_of, holder
from pave.delivery.stated import state_projects
from pave.preflight.describing import described
from pave.preflight.model import (
    CloudProject,
    ManagedResource,
    NoAnswer,
    PlannedStack,
    PreflightFinding,
    PreflightReport,
    Referral,
)
from pave.refused import Refused
from pave.reviewing.delegation import plain_names
from pave.rollouts.asked import cluster_path
from pave.terminal import progress
from pave.workspace import Workspace
from policies.wording import Line
from stacks.backend import cut_off, folder_of, is_in_a_cloud, outputs_in, state
from stacks.budgets.running import Running, change, fingerprints, read_running
from stacks.gate.seal import OUTPUT
from stacks.plan import Plan
from stacks.providers.edge import ZONE
from stacks.stack import Stack, foundation_stack

PreflightQuestion = Callable[[PlannedStack, CloudProject], Iterator[PreflightFinding]]


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
        state_projects(target.state, work.catalog)
    known = _state(work, stack, target)
    begun, before = _begun(known, stack, target), read_running(outputs_in(known).get(OUTPUT))
    planned = planned_stack(work, stack, plan, _managed(known), begun, before)
    return PreflightReport(
        stack=str(stack), cloud=target.cloud, findings=answers(planned, cloud_project(target))
    )


def leads_to_it(work: Workspace, stack: Stack, plan: Plan, target: Target) -> Iterator[Line]:
    """What has to be written, and where, so that the zone is found that a stack has made: for a person, when
    it is there. Nothing for a stack without one."""
    if not any(each.type == ZONE for each in plan.resources):
        return
    planned = planned_stack(work, stack, plan, {})
    yield from described(answers(planned, cloud_project(target), ("delegation",)))


def planned_stack(
    work: Workspace,
    stack: Stack,
    plan: Plan,
    managed: Mapping[str, ManagedResource],
    begun: frozenset[str] = frozenset(),
    before: Running | None = None,
) -> PlannedStack:
    """A recorded stack with what else the questions are about; `before` is what runs, None where nobody
    knows."""
    design = design_of(work, stack)
    secrets = {each.name: holder(design, each) for each in to_be_set(design)} if design else {}
    foundation = str(foundation_stack(stack.environment))
    environment = work.catalog.find(Environment, stack.environment)
    return PlannedStack(
        str(stack),
        plan.resources,
        managed,
        foundation,
        "" if environment is None else _nodes(environment),
        secrets,
        begun,
        None if environment is None else _written(environment),
        "" if environment is None else cluster_path(environment),
        _of_the_pipeline(design),
        before is not None and change(before, fingerprints(plan)).is_rollback,
    )


def answers(
    planned: PlannedStack, cloud: CloudProject, asked: Collection[str] = ()
) -> list[PreflightFinding]:
    """The findings of every question, or of those `asked`. What gets no answer is undecided."""
    found: list[PreflightFinding] = []
    every = questions()
    for name, ask in ((name, every[name]) for name in asked or every):
        with progress(f"Asking {planned.stack}'s cloud: {name}"):
            try:
                found += ask(planned, cloud)
            except NoAnswer as error:
                fix = "Ask for the right to read it."
                found.append(PreflightFinding(name, planned.stack, "undecided", str(error), fix))
    return found


def _of_the_pipeline(design: Design | None) -> frozenset[str]:
    """The workloads whose images their own pipeline changes."""
    workloads = [] if design is None else design.workloads
    return frozenset(each.name for each in workloads if each.image_owner == "pipeline")


def _nodes(environment: Environment) -> str:
    """The email of what the nodes of an environment run as."""
    account = node_account(environment)
    return f"{account.resource}@{account.project}.iam.gserviceaccount.com"


def _written(environment: Environment) -> Referral | None:
    """What an environment's file says leads to its zone."""
    said = environment.spec.dns.delegation
    if said is None:
        return None
    return Referral(frozenset(plain_names(said.name_servers)), frozenset(said.ds))


def _state(work: Workspace, stack: Stack, target: Target) -> Json:
    """The state of a stack; an empty one where it was never updated."""
    folder = folder_of(target.backend)
    found: Mapping[str, Any] | None = state(folder, str(stack)) if folder is not None else None
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
