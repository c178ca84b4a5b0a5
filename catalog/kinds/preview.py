"""Previews: what a log says of rules that only logged, kept as the evidence for enforcing them."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import msgspec

from catalog.checks.absent import absent
from catalog.document import Document
from catalog.kind import Documents, Effective, Fields, ServiceAsWritten
from catalog.problem import Wrong


class PreviewedJourney(Fields, frozen=True):
    """What became of a journey's `requests`: so many that had been `answered` would have been turned away,
    and of `undecided` it isn't known. `digest` is of its paths and the rules in front, `backend` what
    answers."""

    backend: str
    digest: str
    requests: int
    answered: int
    undecided: int


class PreviewSpec(Fields, frozen=True):
    """A replay of a log of so many `days`, which is told by its SHA-256."""

    host: str
    environment: str
    log_digest: str
    days: float
    journeys: list[PreviewedJourney]


class Preview(Effective):
    """A replay that somebody kept."""

    __slots__ = ()
    spec: PreviewSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = PreviewSpec

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """An environment that isn't there."""
        name = document.data["spec"]["environment"]
        if name not in catalog.documents["Environment"]:
            yield absent(catalog, "Environment", name, ("spec", "environment"))

    @classmethod
    def around(cls, service: ServiceAsWritten | None, catalog: Documents) -> Iterable[str]:
        """The one that the service names as its evidence."""
        named = None if service is None else service.data["spec"].get("edge", {}).get("evidence")
        return () if named is None else (named,)
