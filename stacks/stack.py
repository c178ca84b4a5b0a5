"""A stack's name is its configuration: `foundation.<environment>`, `unit.<environment>`,
`global.<environment>`, or
`service.<name>.<environment>` and for an instance of the service there
`service.<name>.<environment>.<instance>`.

The kind names the module of `stacks/programs/` whose `program` registers the stack's resources; `global_`
for `global`, which is a word of Python's.
"""

from collections.abc import Callable, Iterator
from keyword import iskeyword
from pathlib import Path
from typing import NamedTuple

from catalog.document import Document
from catalog.kinds.adoption import AdoptedResource, taken_over
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, places_of
from catalog.loader import Catalog
from catalog.nearest import did_you_mean
from catalog.place import Place, environment_of, instance_of, place_of
from stacks.recording.collector import imported_for_good

PROJECT = "pave"


KINDS = {"foundation": "Environment", "unit": "ObservabilityUnit", "global": "ObservabilityGlobal"}
"""Kind of a stack that is no service's → the kind of the document that says that there is one."""


class UnknownStack(Exception):
    """A name that is no stack of the catalog. One line that says which there are."""


class Stack(NamedTuple):
    """A stack, by the parts of its name. `kind` is `foundation`, `unit`, `global` or `service`;
    `service` is None for all but a service's, `instance` is None unless the stack is an instance of its
    service."""

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


def global_stack(environment: str) -> Stack:
    """The stack of what all units write to, where it stands on the foundation of that environment."""
    return Stack("global", None, environment)


def stack_of(service: Service) -> Stack:
    """The stack of a service, at the place that it was read for."""
    return service_stack(service.name, service.place)


def service_stack(service: str, place: Place) -> Stack:
    """The stack of the service of that name at a place."""
    return Stack("service", service, environment_of(place), instance_of(place))


def stacks(catalog: Catalog) -> Iterator[Stack]:
    """Every stack of a catalog: foundations first, then what units write to, then these, then services, by
    name."""
    for environment in sorted(catalog.documents["Environment"]):
        yield foundation_stack(environment)
    for hub in sorted(catalog.documents["ObservabilityGlobal"]):
        yield global_stack(hub)
    for unit in sorted(catalog.documents["ObservabilityUnit"]):
        yield unit_stack(unit)
    for service in sorted(catalog.documents["Service"]):
        for place in places_of(catalog, service):
            yield service_stack(service, place)


def document_of(catalog: Catalog, stack: Stack) -> Document | None:
    """The file that says that there is this stack; None when the catalog has no usable one."""
    if stack.service is not None:
        return catalog.documents["Service"].get(stack.service)
    return catalog.documents[KINDS[stack.kind]].get(stack.environment)


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


def only_stack(kind: str, catalog: Catalog) -> Stack | None:
    """The stack of that kind, where there is only one and no service is called so: `global`."""
    found = [stack for stack in stacks(catalog) if stack.kind == kind and stack.service is None]
    return found[0] if len(found) == 1 and kind not in catalog.documents["Service"] else None


def program(catalog: Catalog, stack: Stack) -> Callable[[], None]:
    """The Pulumi program of a stack: a function that registers its resources, and takes over those that were
    there before. Imports Pulumi, and of the providers' SDKs only what this kind of stack needs."""
    module = f"{stack.kind}_" if iskeyword(stack.kind) else stack.kind
    run = imported_for_good(f"stacks.programs.{module}").program
    parts = [part for part in (stack.service, stack.place) if part is not None]
    adopted = [] if stack.service is None else taken_over(catalog, stack.service, stack.place)

    def registering() -> None:
        if adopted:
            _take_over(adopted)
        run(catalog, *parts)

    return registering


def _take_over(adopted: list[AdoptedResource]) -> None:
    from pulumi.runtime.settings import get_monitor

    from stacks.taking_over import take_over

    take_over(get_monitor(), adopted)


def home() -> Path:
    """The folder of the Pulumi project: this checkout."""
    return Path(__file__).resolve().parent.parent
