"""Migrations: the way of a service from how it is today to what its file says, and how far it has come."""

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from catalog.checks.absent import absent
from catalog.document import Document
from catalog.kind import Documents, Fields, OfService, ServiceAsWritten
from catalog.migration.phases import TODAY
from catalog.migration.under_way import MovingDocument
from catalog.place import Place, environment_of, places_in
from catalog.problem import Wrong


class Waived(Fields, frozen=True):
    """Rules that today's design breaks, and that may be broken in phases: why, for how long, and who asked
    for it and approved it."""

    rules: list[str]
    reason: str
    ticket: str
    requested_by: str
    approved_by: str
    granted: int
    expires: int


class MigrationSpec(Fields, frozen=True):
    """All that a migration's file specifies: `from_` is `from` in the file, a service's file from the
    catalog's root, and `phase` the one that it is in."""

    environment: str
    from_: str = msgspec.field(name="from")
    owner: str
    phase: str = TODAY
    waives: Waived | None = None


class Migration(OfService):
    """A migration. It is called like the service that moves, so that there is one of each at a time."""

    __slots__ = ()
    spec: MigrationSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = MigrationSpec
    is_shown_to_rules: ClassVar[bool] = False  # they see the service as it is in its phase
    counts_for_all: ClassVar[bool] = False
    is_quoted: ClassVar[bool] = True

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """A service, a place of it, or a team that isn't there. (What is wrong with the way is said of the
        service, which can't be used then.)"""
        spec = document.data["spec"]
        service = catalog.documents["Service"].get(document.name)
        if service is None:
            fix = "Call it like the service that moves, or delete the migration."
            yield absent(catalog, "Service", document.name, ("metadata", "name"), fix)
        elif spec["environment"] not in {environment_of(each) for each in places_in(service.data)}:
            what = f"`{service.name}` doesn't run in {spec['environment']}."
            fix = f"It runs in {', '.join(places_in(service.data))}."
            yield ("spec", "environment"), "catalog/reference", what, fix
        if spec["owner"] not in catalog.documents["Team"]:
            yield absent(catalog, "Team", spec["owner"], ("spec", "owner"))

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """Its file, and the one that says how the service is today: findings may point into both."""
        if service is not None and isinstance(service.document, MovingDocument):
            for document in service.document.made_of:
                yield document, document.data
