"""A stack's name is its configuration: `foundation.<environment>` or `service.<name>.<environment>`.

The kind names the module of `stacks/` whose `program` registers the stack's resources.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from catalog.loader import Catalog
from catalog.model import Service

PROJECT = "pave"


class UnknownStack(Exception):
    """A name that is no stack of the catalog. One line that says which there are."""


class Stack(NamedTuple):
    """A stack by its parts. `service` is None for a foundation."""

    kind: str
    service: str | None
    environment: str

    def __str__(self) -> str:
        return ".".join(part for part in self if part is not None)


def foundation_stack(environment: str) -> Stack:
    """The stack that everything in an environment stands on."""
    return Stack("foundation", None, environment)


def stack_of(service: Service) -> Stack:
    """The stack of a service in its environment."""
    return Stack("service", service.name, service.environment.name)


def stacks(catalog: Catalog) -> Iterator[Stack]:
    """Every stack of a catalog: foundations first, then services, by name."""
    for environment in sorted(catalog.documents["Environment"]):
        yield foundation_stack(environment)
    for service in sorted(catalog.documents["Service"]):
        for environment in catalog.service_environments(service):
            yield Stack("service", service, environment)


def parse_stack(name: str, catalog: Catalog) -> Stack:
    """The stack of that name. Raises UnknownStack when the catalog has none."""
    for stack in stacks(catalog):
        if str(stack) == name:
            return stack
    from rapidfuzz import process

    known = [str(stack) for stack in stacks(catalog)]
    best = process.extractOne(name, known, score_cutoff=50)
    hint = f"Did you mean `{best[0]}`?" if best else f"Stacks: {', '.join(known) or 'none'}."
    raise UnknownStack(f"There is no stack `{name}`. {hint}")


def program(catalog: Catalog, stack: Stack) -> Callable[[], None]:
    """The Pulumi program of a stack. Imports Pulumi, and of the providers only what the kind needs."""
    run = import_module(f"stacks.{stack.kind}").program
    parts = [part for part in (stack.service, stack.environment) if part is not None]
    return lambda: run(catalog, *parts)


def home() -> Path:
    """The folder of the Pulumi project."""
    return Path(__file__).resolve().parent.parent
