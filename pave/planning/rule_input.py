"""The document that a rule sees, without the secrets in it."""

from typing import Any, NamedTuple

import msgspec

from catalog.kinds.service import Service
from catalog.yaml.parsed import Pointer
from pave.refused import Refused
from pave.workspace import Workspace
from policies.engines.answer import EngineError
from policies.redaction import FINDS_SECRETS, redacted, secrets_found
from stacks.policy_input import input_on


class SeenInput(NamedTuple):
    """A document of which so many `secrets` are left out."""

    document: Any
    secrets: int


def secret_places(work: Workspace, service: Service) -> list[Pointer]:
    """Where a rule finds secrets in an effective service, as pointers into it.

    Raises Refused when it can't be told."""
    try:
        raw = work.new_engine().evaluate(input_on(work.catalog, service, work.today, None))
    except EngineError as error:
        raise Refused(f"What of it is secret can't be told, so nothing is printed: {error}.") from error
    return [tuple(each.path[1:]) for each in raw if each.rule in FINDS_SECRETS]


def seen_input(work: Workspace, service: Service, stage: str) -> SeenInput:
    """What rules of a stage, `spec` or `plan`, see of a service. For `plan` its stack is recorded.

    Raises Refused when it can't be told what of it is secret."""
    plan = None
    if stage == "plan":
        from stacks.plan import record_stack
        from stacks.stack import stack_of

        plan = record_stack(work.catalog, stack_of(service))
    document = input_on(work.catalog, service, work.today, plan)
    said = msgspec.json.decode(document)
    try:
        secrets = secrets_found(work.new_engine().evaluate(document), said)
    except EngineError as error:
        raise Refused(f"What of it is secret can't be told, so nothing is printed: {error}.") from error
    return SeenInput(redacted(said, secrets), len(secrets))
