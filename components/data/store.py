"""What every component of a store does, and the choice of one by the kind of its store."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import pulumi

from components.design.model import TableMigration, WorkloadDesign
from components.design.stores.model import StoreDesign
from components.foundation_references import FoundationReferences
from components.identity.accounts import Account
from components.paved import Paved


class StoreGround(NamedTuple):
    """What a store stands on: the foundation and the project, the accounts of its service by the workload
    that acts as them, the migrations, and the labels that all bear."""

    foundation: FoundationReferences
    project: str
    accounts: Mapping[str, Account]
    migrations: Sequence[TableMigration]
    labels: Mapping[str, str]

    def users(self, store: StoreDesign) -> list[Account]:
        """The accounts that use a store: those of the workloads that reach it."""
        return list(dict.fromkeys(self.accounts[name] for name in store.reached_by))


class Store(Paved, area="service"):
    """A store of a service, made as `store` decides. Its subclasses are its kinds."""

    store: StoreDesign

    def __init__(self, store: StoreDesign, opts: pulumi.ResourceOptions | None) -> None:
        super().__init__(store.resource, store.origin, opts)
        self.store = store

    @property
    def where(self) -> pulumi.Input[str]:
        """Where it is, for people and other programs."""
        raise NotImplementedError

    @property
    def password(self) -> pulumi.Output[str] | None:
        """The one that the cloud has made up for it, a secret."""
        return None

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """What a workload is told of it, by the names of `catalog.stores`' facts, in small letters."""
        raise NotImplementedError


def make(store: StoreDesign, ground: StoreGround, opts: pulumi.ResourceOptions) -> Store:
    """The component of a store: `component` of the module that is called like its kind."""
    kind: Any = import_module(f"components.data.kinds.{store.kind}")
    made: Store = kind.component(store, ground, opts)
    return made
