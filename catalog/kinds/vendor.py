"""Vendors: what services call and nobody here runs, with the availability that they publish."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from catalog.checks.fractions import fractions
from catalog.document import Json
from catalog.kind import Documents, Effective, Fields, ServiceAsWritten
from catalog.problem import Wrong


class VendorSpec(Fields, frozen=True):
    """All that a vendor's file specifies, with every default filled. `availability` is the percentage it
    publishes, `evidence` what kind of statement that is."""

    availability: float
    evidence: str
    source: str | None
    status_page: str | None
    hosts: list[str]
    allow_list: bool


class Vendor(Effective):
    """A vendor with its defaults filled in."""

    __slots__ = ()
    spec: VendorSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = VendorSpec

    @classmethod
    def wrong(cls, written: Json) -> Iterable[Wrong]:
        """A fraction of 1 where a percentage is asked for."""
        return fractions(written, "Vendor")

    @classmethod
    def around(cls, service: ServiceAsWritten | None, catalog: Documents) -> Iterable[str]:
        """The vendors that the service depends on."""
        if service is None:
            return ()
        return {each["vendor"] for each in service.data["spec"].get("dependencies", ()) if "vendor" in each}
