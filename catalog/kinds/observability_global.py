"""What all observability units write to, and where people look at all of them."""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec

from catalog.checks.absent import absent
from catalog.document import Document, Json
from catalog.kind import Documents, Fields, OfEnvironment
from catalog.kinds.observability_unit import Receiver, Watchdog, wrong_receivers
from catalog.place import environment_of, places_in
from catalog.problem import Wrong


class GlobalImages(Fields, frozen=True):
    """What the global stack runs, by digest."""

    storage: str
    insert: str
    select: str
    auth: str
    alert: str
    alertmanager: str
    dashboards: str


class Tenant(Fields, frozen=True):
    """The account under which a unit's series are kept apart from those of others."""

    unit: str
    account: int


class GlobalReader(Fields, frozen=True):
    """A team, and what its people see: its own `services` or all, where their data is of these classes."""

    team: str
    services: str
    data_classes: list[str]


class Login(Fields, frozen=True):
    """Who says who somebody is, by OpenID Connect, and in which claim the teams of a person stand."""

    issuer: str
    authorize_url: str
    token_url: str
    client_id: str
    claim: str


class Freshness(Fields, frozen=True):
    """How old the newest sample of each unit may be, in which share of the time (in percent)."""

    within_minutes: int
    objective: float


class GlobalSpec(Fields, frozen=True):
    """All that the global stack's file specifies, with every default filled."""

    owner: str
    images: GlobalImages
    host: str
    sources: list[str]
    tenants: list[Tenant]
    readers: list[GlobalReader]
    login: Login
    freshness: Freshness
    retention_days: int
    storage_nodes: int
    disk_gb: int
    memory_mb: int
    receivers: list[Receiver]
    watchdog: Watchdog


class ObservabilityGlobal(OfEnvironment):
    """The global stack with its defaults filled in. It is called like the environment on whose foundation it
    stands."""

    __slots__ = ()
    spec: GlobalSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = GlobalSpec
    is_shown_to_rules: ClassVar[bool] = False  # as `input.spec.global`, of its own stack

    @classmethod
    def wrong(cls, written: Json) -> Iterator[Wrong]:
        """Receivers that nobody can tell apart or reach, and two words on one unit or team."""
        spec = written["spec"]
        yield from wrong_receivers(spec["receivers"])
        for field, key in (("tenants", "unit"), ("readers", "team")):
            seen: set[str] = set()
            for index, each in enumerate(spec.get(field, ())):
                if each[key] in seen:
                    what = f"There are two {field} for the {key} `{each[key]}`."
                    yield ("spec", field, index, key), "catalog/unique-name", what, "Leave one of them."
                seen.add(each[key])

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """Its environment, its owner, its tenants and its readers; and units that write to it without being
        one of its tenants."""
        spec = document.data["spec"]
        asked = [
            ("Environment", document.name, ("metadata", "name")),
            ("Team", spec["owner"], ("spec", "owner")),
            *_named(spec, "tenants", "unit", "ObservabilityUnit"),
            *_named(spec, "readers", "team", "Team"),
        ]
        for kind, name, at in asked:
            if name not in catalog.documents[kind]:
                yield absent(catalog, kind, name, at)
        tenants = {each["unit"] for each in spec["tenants"]}
        for unit in writers(spec["host"], catalog):
            if unit.name not in tenants:
                what = f"The unit `{unit.name}` writes to {spec['host']}, and is no tenant there."
                fix = f"Add `{{unit: {unit.name}, account: N}}`, with a number that no other has or had."
                yield ("spec", "tenants"), "catalog/tenant", what, fix


def _named(spec: Json, field: str, key: str, kind: str) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    for index, each in enumerate(spec.get(field, ())):
        yield kind, each[key], ("spec", field, index, key)


def writers(host: str, catalog: Documents) -> Iterator[Document]:
    """The units that write to that host."""
    for document in catalog.documents["ObservabilityUnit"].values():
        url = (document.data["spec"].get("global") or {}).get("url", "")
        if urlsplit(url).hostname == host:
            yield document


def seen_in(hub: Document, catalog: Documents) -> Iterator[tuple[Document, Any]]:
    """What a global stack is made of beside what its foundation depends on: who owns which services of the
    environments that its tenants watch, how secret their data is, and how its owner is told."""
    tenants = {each["unit"] for each in hub.data["spec"]["tenants"]}
    for document in catalog.documents["Service"].values():
        where = {environment_of(place) for place in places_in(document.data)}
        if where & tenants:
            spec = document.data["spec"]
            yield (
                document,
                (sorted(where & tenants), document.data["metadata"]["owner"], spec.get("dataClass")),
            )
    for team in catalog.documents["Team"].values():
        yield team, team.data["spec"]
