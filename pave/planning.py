"""Which stack a command means, and the decision on it with every failure in words."""

from catalog.text import Unusable
from pave.options import Refused
from pave.workspace import Workspace
from policies.decision import Decision
from policies.engine import EngineError
from stacks.gate import Unjudged, judge_stack
from stacks.plan import Plan
from stacks.recording import RecordingError
from stacks.stack import Stack, UnknownStack, parse_stack, stack_of


def stack_named(work: Workspace, name: str, environment: str | None) -> Stack:
    """The stack that an argument names: `service.portal.production`, the service `portal`, or its file."""
    if name.startswith(("service.", "foundation.")):
        try:
            return parse_stack(name, work.catalog)
        except UnknownStack as error:
            raise Refused(str(error)) from error
    return stack_of(work.service(name, environment))


def decide_plan(work: Workspace, stack: Stack) -> tuple[Plan, Decision]:
    """The recorded plan of a stack and the decision on it. Raises Refused when there is none."""
    try:
        return judge_stack(work.catalog, stack, work.new_engine(), work.bundle.rules, work.today)
    except (Unjudged, RecordingError, EngineError, Unusable) as error:
        raise Refused(str(error)) from error
