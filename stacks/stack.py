"""A stack's name is its configuration: `foundation.<environment>`, `unit.<environment>`, or
`service.<name>.<environment>` and for an instance of the service there
`service.<name>.<environment>.<instance>`.

The kind names the module of `stacks/programs/` whose `program` registers the stack's resources.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from catalog.document import Document
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, places_of
from catalog.loader import Catalog
from catalog.nearest import did_you_mean
from catalog.place import Place, environment_of, instance_of, place_of
from stacks.recording.collector import imported_for_good

PROJECT = "pave"


class UnknownStack(Exception):
    """A name that is no stack of the catalog. One line that says which there are."""


class Stack(NamedTuple):
    """A stack, by the parts of its name. `kind` is `foundation`, `unit` or `service`; `service` is None for
    all but a service's, `instance` is None unless the stack is an instance of its service."""

    kind: str
    service: str | None
    environment: str
    instance: str | None = None

    def __str__(self) -> str:
        return ".".join(part for part in self if part is not None)

    @property
    def is_foundation(self) -> bool:
        """Whether all else of its environment stands on it."""
        return self.kind == "foundation"

    @property
    def place(self) -> Place:
        """The place that it deploys to: its environment, or the instance there."""
        return place_of(self.environment, self.instance)


def foundation_stack(environment: str) -> Stack:
    """The foundation's stack of an environment, which all its services depend on."""
    return Stack("foundation", None, environment)


def unit_stack(environment: str) -> Stack:
    """The stack of what watches an environment, which stands on its foundation."""
    return Stack("unit", None, environment)


def stack_of(service: Service) -> Stack:
    """The stack of a service, at the place that it was read for."""
    return service_stack(service.name, service.place)


def service_stack(service: str, place: Place) -> Stack:
    """The stack of the service of that name at a place."""
    return Stack("service", service, environment_of(place), instance_of(place))


def stacks(catalog: Catalog) -> Iterator[Stack]:
    """Every stack of a catalog: foundations first, then units, then services, by name."""
    for environment in sorted(catalog.documents["Environment"]):
        yield foundation_stack(environment)
    for unit in sorted(catalog.documents["ObservabilityUnit"]):
        yield unit_stack(unit)
    for service in sorted(catalog.documents["Service"]):
        for place in places_of(catalog, service):
            yield service_stack(service, place)


def document_of(catalog: Catalog, stack: Stack) -> Document | None:
    """The file that says that there is this stack; None when the catalog has no usable one."""
    if stack.service is not None:
        return catalog.documents["Service"].get(stack.service)
    if stack.kind == "unit":
        return catalog.documents["ObservabilityUnit"].get(stack.environment)
    return catalog.documents["Environment"].get(stack.environment)


def purpose_of(catalog: Catalog, stack: Stack) -> str | None:
    """What the environment of a stack is for (`production`); None when that can't be read."""
    environment = catalog.find(Environment, stack.environment)
    return None if environment is None else environment.spec.purpose


def parse_stack(name: str, catalog: Catalog) -> Stack:
    """The stack of that name. Raises UnknownStack when the catalog has none."""
    for stack in stacks(catalog):
        if str(stack) == name:
            return stack
    hint = did_you_mean(name, map(str, stacks(catalog)), "Stacks")
    raise UnknownStack(f"There is no stack `{name}`. {hint}")


def program(catalog: Catalog, stack: Stack) -> Callable[[], None]:
    """The Pulumi program of a stack: a function that registers its resources. Imports Pulumi, and of the
    providers' SDKs only what this kind of stack needs."""
    run = imported_for_good(f"stacks.programs.{stack.kind}").program
    parts = [part for part in (stack.service, stack.place) if part is not None]
    return lambda: run(catalog, *parts)


def home() -> Path:
    """The folder of the Pulumi project: this checkout."""
    return Path(__file__).resolve().parent.parent
