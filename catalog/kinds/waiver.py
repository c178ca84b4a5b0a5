"""Waivers: permission to break one rule at one place until a day."""

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from catalog.checks.absent import absent
from catalog.document import Document
from catalog.kind import Documents, Effective, Fields, ServiceAsWritten
from catalog.kinds.migration import Migration
from catalog.migration.phases import DONE
from catalog.place import Place, place_of, places_in
from catalog.problem import Wrong


class WaiverSpec(Fields, frozen=True):
    """All that a waiver's file specifies: which rule may be broken where, why, for how long, and who asked
    for and approved it."""

    rule: str
    service: str | None
    environment: str
    instance: str | None
    path: str
    reason: str
    owner: str
    ticket: str
    requested_by: str
    approved_by: str
    granted: int
    expires: int


class Waiver(Effective):
    """A waiver, with its dates as days since 1970-01-01."""

    __slots__ = ()
    spec: WaiverSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = WaiverSpec
    is_shown_to_rules: ClassVar[bool] = False  # a rule says what is wrong, whoever permits it
    counts_for_all: ClassVar[bool] = False
    is_quoted: ClassVar[bool] = True

    @property
    def place(self) -> Place:
        """Where it holds: in no other instance of the service."""
        return place_of(self.spec.environment, self.spec.instance)

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """A service, a place of it, an environment or a team that isn't there."""
        spec = document.data["spec"]
        service = catalog.documents["Service"].get(spec.get("service"))
        if service is not None and "instance" in spec:
            there = list(places_in(service.data))
            place = place_of(spec["environment"], spec["instance"])
            if place not in there:
                what = f"`{service.name}` has no place `{place}`."
                fix = f"It runs in {', '.join(there)}. Name one of them, or delete the waiver."
                yield ("spec", "instance"), "catalog/reference", what, fix
                return
        for field, kind in (("owner", "Team"), ("environment", "Environment"), ("service", "Service")):
            if field in spec and spec[field] not in catalog.documents[kind]:
                fix = "Name one that is there, or delete the waiver."
                yield absent(catalog, kind, spec[field], ("spec", field), fix)

    @classmethod
    def judged_with(cls, document: Document, catalog: Documents) -> Iterator[Document]:
        """What it is for: whether it holds, and is needed, shows there."""
        spec = document.data["spec"]
        kind, name = (
            ("Service", spec["service"]) if "service" in spec else ("Environment", spec["environment"])
        )
        if name in catalog.documents[kind]:
            yield catalog.documents[kind][name]

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """The waivers for that service at that place, or for that foundation."""
        for waiver in waivers(catalog, None if service is None else service.document.name, place):
            yield waiver.document, waiver.document.data


def waivers(catalog: Documents, service: str | None, place: Place) -> list[Waiver]:
    """The waivers for a service at a place, or with None for the foundation of an environment, by name."""
    return [one for one in all_waivers(catalog) if (one.spec.service, one.place) == (service, place)]


def all_waivers(catalog: Documents) -> list[Waiver]:
    """Every waiver, by name, and after them what migrations that are under way allow."""

    def found() -> list[Waiver]:
        named, moving = catalog.documents["Waiver"], catalog.documents["Migration"]
        granted = [Waiver.of(named[name]) for name in sorted(named)]
        return [*granted, *(each for name in sorted(moving) for each in _on_the_way(moving[name]))]

    return catalog.remembered(all_waivers, found)


ANYWHERE = "*"
"""The path of what a migration allows: today's design breaks the rule wherever it does, and the rule, not the
place, is what somebody has looked at."""


class PhaseWaiver(Waiver):
    """What a migration allows of one rule, as long as it is under way. It is called like the migration's
    file, so that no waiver is taken for it."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The path of the migration's file."""
        return self.document.path


def _on_the_way(document: Document) -> Iterator[PhaseWaiver]:
    found = Migration.of(document).data["spec"]
    if found["waives"] is None or found["phase"] == DONE:
        return
    said = {name: value for name, value in found["waives"].items() if name != "rules"}
    about = {"service": document.name, "environment": found["environment"], "instance": None}
    for rule in found["waives"]["rules"]:
        spec = {**said, **about, "owner": found["owner"], "rule": rule, "path": ANYWHERE}
        yield PhaseWaiver(document, {**document.data, "spec": spec})
