"""Plans: all resources that a stack's program registers, recorded in process, each with its origin.

Pulumi is imported only to record."""

from collections.abc import Mapping
from typing import Any

import msgspec

from catalog.document import Origin
from catalog.kinds.environment import Environment
from catalog.loader import Catalog
from components.design.foundation.foundation import design_foundation
from stacks.recording.model import Recording, Resource
from stacks.stack import PROJECT, Stack, foundation_stack, program


class PlannedResource(Resource, frozen=True, kw_only=True, rename="camel"):
    """A recorded resource, and the place in the catalog that it, or the nearest component above it, was
    made for."""

    origin: Origin | None


class Plan(msgspec.Struct, frozen=True, rename="camel"):
    """All that a stack would register, sorted by URN. This is `plan` of the rule input."""

    stack: str
    resources: list[PlannedResource]

    @property
    def origins(self) -> dict[str, Origin | None]:
        """The origin of each resource by URN."""
        return {resource.urn: resource.origin for resource in self.resources}

    @property
    def levels(self) -> dict[str, int]:
        """How far down each resource stands by URN: 0 on nothing, else one more than the deepest that it
        depends on, or its parent does."""
        by_urn = {resource.urn: resource for resource in self.resources}
        found: dict[str, int] = {}

        def level(urn: str) -> int:
            if urn not in by_urn:
                return -1  # a look-up's, or the stack's
            if urn not in found:
                below = [*by_urn[urn].options.depends_on, by_urn[urn].parent or ""]
                found[urn] = 1 + max(map(level, below))
            return found[urn]

        for urn in by_urn:
            level(urn)
        return found


class Planner:
    """Records stacks of one catalog, each once: asked again, it gives the same recording."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._recordings: dict[Stack, Recording] = {}

    def plan(self, stack: Stack) -> Plan:
        """The plan of a stack. Raises RecordingError, or whatever the program raises."""
        return plan_of(self.recording(stack))

    def recording(self, stack: Stack) -> Recording:
        """The recording of a stack. A reference to its foundation is answered from that one's design, which
        spares a recording, and the import of the classes that only foundations use."""
        from stacks.recording.recorder import record

        if stack not in self._recordings:
            references: dict[str, Mapping[str, Any]] = {}
            environment = self._catalog.find(Environment, stack.environment)
            if stack.kind != "foundation" and environment is not None:
                from stacks.programs.outputs import outputs_by_design

                below = f"organization/{PROJECT}/{foundation_stack(stack.environment)}"
                references[below] = outputs_by_design(design_foundation(environment, [], None))
            self._recordings[stack] = record(
                program(self._catalog, stack), project=PROJECT, stack=str(stack), references=references
            )
        return self._recordings[stack]


def record_stack(catalog: Catalog, stack: Stack) -> Plan:
    """The plan of one stack."""
    return Planner(catalog).plan(stack)


def plan_of(recording: Recording) -> Plan:
    """A recording as a plan: the same resources, with their origins."""
    by_urn = {resource.urn: resource for resource in recording.resources}
    planned = [
        PlannedResource(
            **{name: getattr(resource, name) for name in Resource.__struct_fields__},
            origin=_origin(resource, by_urn),
        )
        for resource in recording.resources
    ]
    return Plan(recording.stack, planned)


def _origin(resource: Resource | None, by_urn: dict[str, Resource]) -> Origin | None:
    child = ""
    while resource is not None:
        if not resource.custom and "origin" in resource.inputs:
            others = resource.inputs.get("origins", {})
            return msgspec.convert(others.get(child, resource.inputs["origin"]), Origin)
        child = resource.name
        resource = by_urn.get(resource.parent) if resource.parent is not None else None
    return None
