"""Decides on a whole stack: its spec and its recorded plan, with one engine and one set of rules."""

from collections.abc import Mapping
from datetime import date

from catalog.loader import Catalog
from catalog.neighbourhood import neighbourhood
from catalog.problem import Problem
from components.design import design
from policies.decision import Decision, Subject, decide
from policies.engine import EmbeddedEngine
from policies.rule import Rule
from stacks.plan import Plan, record_stack
from stacks.policy_input import foundation_input, service_input
from stacks.stack import Stack


class Unjudged(Exception):
    """The stack's own documents have problems, so there is nothing to judge. Holds them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def judge_stack(
    catalog: Catalog, stack: Stack, engine: EmbeddedEngine, rules: Mapping[str, Rule], today: date
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
        subject = Subject(None, environment, catalog.file, plan.origins)
    else:
        service = catalog.service(stack.service, stack.environment)
        if isinstance(service, list):
            raise Unjudged(service)
        plan = record_stack(catalog, stack)
        around = neighbourhood(catalog, service)
        document = service_input(service, around, design(service, around), today, plan)
        subject = Subject(service, environment, catalog.file, plan.origins)
    return plan, decide(subject, engine.evaluate(document), rules, ["spec", "plan"])
