"""Observability units: what watches an environment, and goes on when the global stack is gone."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import msgspec

from catalog.checks.absent import absent
from catalog.document import Document, Json
from catalog.kind import Documents, Fields, OfEnvironment, ServiceAsWritten
from catalog.overrides import merge_override
from catalog.place import Place, environment_of, places_in
from catalog.problem import Wrong

WRITE_PATH = "/api/v1/write"
"""Where series are written; what VictoriaMetrics imports comes in beside it."""


class UnitImages(Fields, frozen=True):
    """What a unit runs, by digest; without `state` it runs nothing that tells what Kubernetes does."""

    prometheus: str
    alertmanager: str
    blackbox: str
    dashboards: str
    gateway: str
    tenancy: str
    collector: str
    catch_up: str
    state: str | None


class Receiver(Fields, frozen=True):
    """Somebody who is told of alerts: of those that page, or of the others. `url` is None where the address
    is a secret."""

    name: str
    kind: str
    url: str | None
    pages: bool


class Watchdog(Fields, frozen=True):
    """Who notices, outside of the unit, that it has gone silent."""

    url: str


class GlobalStack(Fields, frozen=True):
    """Where a copy of what the unit recorded is written; nothing of services whose data is of a class in
    `withhold`."""

    url: str
    withhold: list[str]


class UnitSpec(Fields, frozen=True):
    """All that a unit's file specifies, with every default filled. `managed` says whose managed Prometheus
    evaluates what only that has, and tells the unit. `global_` is `global` in the file, None for a unit that
    stands all alone; `asked_at` is where its gateway answers, None where nobody said."""

    owner: str
    managed: Literal["google", "none"]
    images: UnitImages
    outage_hours: int
    retention_days: int
    disk_gb: int
    memory_mb: int
    receivers: list[Receiver]
    watchdog: Watchdog
    global_: GlobalStack | None = msgspec.field(name="global")
    readers: list[str]
    asked_at: str | None


class ObservabilityUnit(OfEnvironment):
    """A unit with its defaults filled in. It is called like the environment that it watches."""

    __slots__ = ()
    spec: UnitSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = UnitSpec
    is_shown_to_rules: ClassVar[bool] = False  # as `input.spec.unit`, of its own stack

    @classmethod
    def wrong(cls, written: Json) -> Iterator[Wrong]:
        """Receivers that nobody can tell apart, and such as nobody can reach."""
        yield from wrong_receivers(written["spec"]["receivers"])

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """Its environment, and its owner."""
        if document.name not in catalog.documents["Environment"]:
            yield absent(catalog, "Environment", document.name, ("metadata", "name"))
        owner = document.data["spec"]["owner"]
        if owner not in catalog.documents["Team"]:
            yield absent(catalog, "Team", owner, ("spec", "owner"))

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """The unit of an environment, which is judged with its foundation. To a service there it counts
        that it is there, who evaluates beside it, and whether it sees schedules."""
        document = catalog.documents[cls.__name__].get(environment_of(place))
        if document is not None:
            spec = document.data["spec"]
            yield (
                document,
                document.data if service is None else (spec.get("managed"), "state" in spec["images"]),
            )


def wrong_receivers(receivers: list[Json]) -> Iterator[Wrong]:
    """Receivers that nobody can tell apart, and such as nobody can reach."""
    seen: set[str] = set()
    for index, receiver in enumerate(receivers):
        name = receiver["name"]
        if name in seen:
            what = f"There are two receivers `{name}`."
            yield ("spec", "receivers", index, "name"), "catalog/unique-name", what, "Rename one."
        seen.add(name)
        is_webhook, has_url = receiver["kind"] == "webhook", "url" in receiver
        if is_webhook and not has_url:
            what = f"Nobody knows where the webhook `{name}` is."
            yield ("spec", "receivers", index, "kind"), "catalog/receiver", what, "Add its `url`."
        elif has_url and not is_webhook:
            what = f"A {receiver['kind']} receiver has no `url`: its address is a secret."
            fix = f"Remove it, and keep the address as `{name}` in the Secret `receivers`."
            yield ("spec", "receivers", index, "url"), "catalog/receiver", what, fix


def told_in(environment: str, catalog: Documents) -> Iterator[tuple[Document, Any]]:
    """What a unit's stack is made of beside what its foundation depends on: who owns the services of the
    environment, what they depend on, and how teams are told."""
    for document in catalog.documents["Service"].values():
        for place in places_in(document.data):
            if environment_of(place) == environment:
                needed = merge_override(document.data, place)[0]["spec"].get("dependencies", ())
                called = [
                    [each.get(said) for said in ("name", "service", "vendor", "need")] for each in needed
                ]
                yield document, (place, document.data["metadata"]["owner"], called)
    for team in catalog.documents["Team"].values():
        yield team, team.data["spec"]
