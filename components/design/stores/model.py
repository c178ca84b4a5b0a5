"""The design of a store: decided but not yet made."""

from typing import Any, ClassVar, NamedTuple, Self

import msgspec

from catalog.kinds.service import Service
from catalog.neighbourhood import Neighbourhood
from catalog.stores.store import Store
from components.design.element import Element
from components.design.naming import store_name
from components.design.stores.recovery import LossRecovery


class StoreSetting(msgspec.Struct, frozen=True, rename="camel"):
    """One setting of a store's engine, by the engine's own name."""

    name: str
    value: str


class AskedStore(NamedTuple):
    """The store at `place` of a service, as it is to be designed: among its neighbours `around`, and with so
    many `connections` that all workloads together may open."""

    service: Service
    place: int
    around: Neighbourhood
    connections: int

    @property
    def store(self) -> Store:
        """What its owner says."""
        return self.service.spec.stores[self.place]


class StoreDesign(Element, frozen=True, tag_field="kind"):
    """A store, called `resource` in the cloud. Its class is its kind; `family` is what kinds that are judged
    alike share.

    `coverage_percent` is the share of its outages that are survived, where `need` is soft. Workloads reach it
    at `ports` of the range that it is `within`, and over HTTPS at `hosts` of Google's. `sla` is the id of the
    published figure that it has, and what `is_maintained` is down at times that the figure leaves out.
    `recoveries` say what comes back after a loss. What it `stands_on` are stores of the same service, by
    their names, that have to be there before it. It is `reached_by` workloads, by their names."""

    family: str
    runtime: str
    resource: str
    need: str
    coverage_percent: float
    region: str
    within: str
    ports: list[int]
    hosts: list[str]
    sla: str
    is_maintained: bool
    recoveries: list[LossRecovery]
    protected: bool
    stands_on: list[str]
    reached_by: list[str]

    LISTED: ClassVar[str]
    """Under which of the stack's outputs it is said where it is."""

    @property
    def kind(self) -> str:
        """The word for it in a service's file."""
        return str(self.__struct_config__.tag)

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """The design of a store of this kind."""
        raise NotImplementedError


def common(asked: AskedStore) -> dict[str, Any]:
    """The fields that mean the same for every kind."""
    service, store, environment = asked.service, asked.store, asked.service.environment.spec
    return {
        "name": store.name,
        "origin": service.origin("spec", "stores", asked.place),
        "family": store.family,
        "runtime": store.runtime,
        "resource": store_name(service.full_name, store.lineage, store.generation),
        "need": store.need,
        "coverage_percent": store.coverage_percent,
        "region": environment.region,
        "within": environment.network.stores,
        "protected": environment.protected and not store.leaving,
        "stands_on": [],
        "reached_by": [each.name for each in service.spec.workloads if store.name in each.stores],
    }
