"""Decides on a whole stack: its spec and its recorded plan, with one engine and one set of rules.

`run_gated` is the gate in the Pulumi program itself: it can't be passed by not using `pave`.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pulumi

from catalog.document import quotable_lines
from catalog.loader import Catalog
from catalog.neighbourhood import neighbourhood
from catalog.problem import Problem
from components.design import design
from policies.decision import Decision, decide
from policies.engine import EmbeddedEngine, Engine, EngineError
from policies.rule import BundleError, Rule, load_bundle
from policies.subject import Subject
from policies.wording import describe_decision
from stacks.plan import Plan, record_stack
from stacks.policy_input import foundation_input, service_input
from stacks.recording import RecordingError
from stacks.stack import Stack, UnknownStack, home, parse_stack, program

WIDTH = 80


class Unjudged(Exception):
    """The stack's own documents have problems, so there is nothing to judge. Holds them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def judge_stack(
    catalog: Catalog, stack: Stack, engine: Engine, rules: Mapping[str, Rule], today: date
) -> tuple[Plan, Decision]:
    """The recorded plan of a stack and the decision on it.

    Raises Unjudged when its service can't be read, RecordingError when its program can't be recorded and
    EngineError when the rules give no answer: none of these is a pass."""
    environment = catalog.environment(stack.environment)
    if environment is None:
        raise Unjudged(catalog.problems)
    if stack.service is None:
        plan = record_stack(catalog, stack)
        document = foundation_input(environment, today, plan)
        waivers = catalog.waivers(None, stack.environment)
        subject = Subject(None, environment, catalog.file, plan.origins, waivers)
    else:
        service = catalog.service(stack.service, stack.environment)
        if isinstance(service, list):
            raise Unjudged(service)
        plan = record_stack(catalog, stack)
        around = neighbourhood(catalog, service)
        document = service_input(service, around, design(service, around), today, plan)
        waivers = catalog.waivers(stack.service, stack.environment)
        subject = Subject(service, environment, catalog.file, plan.origins, waivers)
    return plan, decide(subject, engine.evaluate(document), rules, ["spec", "plan"], today)


def run_gated(catalog: Catalog, root: Path, name: str, today: date) -> None:
    """Runs the program of a stack if its gate lets it through.

    Before anything is registered, the program is recorded and judged. A blocked stack, a stack that can't
    be judged and rules that give no answer all end in `pulumi.RunError`: one message, no traceback, and
    nothing registered but the stack's root."""
    try:
        stack = parse_stack(name, catalog)
        bundle = load_bundle(home() / "policies" / "bundle")
        _, decision = judge_stack(catalog, stack, EmbeddedEngine(bundle), bundle.rules, today)
    except (UnknownStack, BundleError, Unjudged, RecordingError, EngineError) as error:
        raise pulumi.RunError(f"pave can't judge {name}: {error}") from None
    if not decision.allowed:
        words = describe_decision(
            decision, lambda path: quotable_lines(root, path), lambda path: f"{root.name}/{path}", WIDTH
        )
        raise pulumi.RunError("\n".join(line.text for line in words))
    program(catalog, stack)()
