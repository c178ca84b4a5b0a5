"""What is judged, and the way from what a rule returns to a place in a file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from catalog.document import Document, Origin, pointer_of
from catalog.editing.edit import NoSuchPlace, pointer_for
from catalog.kind import Effective
from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service
from catalog.kinds.waiver import Waiver, waivers
from catalog.loader import Catalog
from catalog.place import Place
from catalog.yaml.parsed import Mark, Pointer
from policies.enforcement import foundation_level, target_level
from policies.rule import Declared, Stake
from policies.stakes import stakes
from policies.waivers import UNASKED, Approval

StackPart = Literal["foundation", "unit", "global"]
"""What of an environment is judged by itself, each a stack."""


class Subject:
    """What is judged, and the way from a rule's path to a place in a file.

    Without a `service` it is a `part` of the environment: its foundation, what watches it (its `unit`), or
    what all units write to (`hub`).
    `document` finds a file of the catalog by its path; `origins` gives the origin of each planned resource,
    None for one that has none; `waivers` are those for this subject, in force or not, and
    `approvals` what the platform says of them, by name."""

    def __init__(
        self,
        service: Service | None,
        environment: Environment,
        document: Callable[[str], Document],
        origins: Mapping[str, Origin | None] | None = None,
        waivers: Sequence[Waiver] = (),
        approvals: Mapping[str, Approval] | None = None,
        unit: ObservabilityUnit | None = None,
        hub: ObservabilityGlobal | None = None,
        *,
        part: StackPart = "foundation",
    ) -> None:
        self.service = service
        self.environment = environment
        self.unit = unit
        self.hub = hub
        self.part = part
        self.origins = origins or {}
        self.waivers = waivers
        self._approvals = approvals or {}
        self._document = document

    def approval(self, waiver: Waiver) -> Approval:
        """What the platform says of a waiver's approval."""
        return self._approvals.get(waiver.name, UNASKED)

    @property
    def place(self) -> Place:
        """Where it is: an environment, or an instance of the service there."""
        return self.environment.name if self.service is None else self.service.place

    @property
    def target_level(self) -> int:
        """The level up to which rules bind."""
        purpose = self.environment.spec.purpose
        if self.service is None:
            return foundation_level(purpose)
        return target_level(self.service.spec.tier, self.service.spec.stage, purpose)

    @property
    def stakes(self) -> frozenset[Stake]:
        """What is at stake in the service; of a foundation nothing, for it has to meet all anyway."""
        if self.service is None:
            return frozenset()
        return stakes(self.service.spec, self.environment.spec.purpose)

    def believes(self, declared: Declared | None) -> bool:
        """Whether a rule that passes on words takes somebody's here."""
        if declared is None or self.service is None:
            return False
        is_asked = not declared.purposes or self.environment.spec.purpose in declared.purposes
        is_bound = not declared.tiers or self.service.spec.tier in declared.tiers
        said, beside = self.service.data, declared.beside
        return is_asked and is_bound and any(_says(said, each.split("."), beside) for each in declared.fields)

    def has_place(self, path: str) -> bool:
        """Whether a path as findings show it (`spec.stores[db].tier`) leads to something judged here."""
        judged = (self.service, self.environment, self.unit, self.hub)
        return any(_leads(path, each.data) for each in judged if each is not None)

    @property
    def document(self) -> Document:
        """The file that describes what is judged."""
        own = {"unit": self.unit, "global": self.hub}.get(self.part)
        return (self.service or own or self.environment).document

    def locate(self, path: Sequence[str | int]) -> tuple[Document, Pointer, Mark, bool]:
        """(file, pointer into it, position, whether it was written there) of a rule's path."""
        effective: Effective = self.service or self.environment
        if path[0] == "environment":
            effective = self.environment
        elif path[0] == "unit" and self.unit is not None:
            effective = self.unit
        elif path[0] == "global" and self.hub is not None:
            effective = self.hub
        document, pointer = effective.document.trace(effective.source(tuple(path[1:])))
        if path[0] == "plan":
            origin = self.origins.get(str(path[1]))
            document, pointer = effective.document, ()
            if origin is not None:
                document = self._document(origin.document)
                pointer = pointer_of(origin.pointer, document.data)
        mark, written = document.mark(pointer)
        return document, pointer, mark, written


def subject_of(
    catalog: Catalog,
    judged: Effective,
    origins: Mapping[str, Origin | None] | None = None,
    approvals: Mapping[str, Approval] | None = None,
    *,
    part: StackPart = "foundation",
) -> Subject:
    """The subject of a decision on a service of a catalog, or on a `part` of an environment."""
    service, environment = (judged, judged.environment) if isinstance(judged, Service) else (None, judged)
    assert isinstance(environment, Environment)
    name, place = (None, environment.name) if service is None else (service.name, service.place)
    granted = waivers(catalog, name, place)
    unit = hub = None
    if service is None:
        unit = catalog.find(ObservabilityUnit, environment.name)
        hub = catalog.find(ObservabilityGlobal, environment.name)
    return Subject(service, environment, catalog.file, origins, granted, approvals, unit, hub, part=part)


def _says(value: Any, steps: Sequence[str], beside: Mapping[str, str]) -> bool:
    """Whether anything stands where fields lead from a value, of a list below any of its items, and has the
    fields `beside` it."""
    if isinstance(value, list):
        return any(_says(item, steps, beside) for item in value)
    if not isinstance(value, dict):
        return False
    if len(steps) > 1:
        return _says(value.get(steps[0]), steps[1:], beside)
    is_said = value.get(steps[0]) not in (None, [], {}, "")
    return is_said and all(value.get(name) == wanted for name, wanted in beside.items())


def _leads(path: str, data: Any) -> bool:
    try:
        pointer = pointer_for(path, data)
    except NoSuchPlace:
        return False
    for step in pointer[:-1]:
        data = data[step] if isinstance(step, int) else data.get(step)
    last = pointer[-1]
    return isinstance(last, int) or (isinstance(data, dict) and last in data)
