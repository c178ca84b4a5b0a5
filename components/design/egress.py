"""Decides whom a service may call, and from which addresses."""

from collections.abc import Iterator, Sequence
from itertools import chain

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Dependency
from catalog.kinds.vendor import Vendor
from catalog.neighbourhood import Neighbourhood
from components.design.accounts import HOSTS_OF_ROLES
from components.design.model import Account, Egress
from components.design.naming import egress_addresses
from components.design.stores.model import StoreDesign


def egress(
    service: Service, around: Neighbourhood, accounts: Sequence[Account], stores: Sequence[StoreDesign]
) -> Egress:
    """The hosts that are called: those of its dependencies and its stores, and those of Google that its
    accounts have a right for. All calls leave from the environment's reserved addresses."""
    environment = service.environment
    called = {each.name: _hosts(each, around) for each in service.spec.dependencies}
    return Egress(
        name="egress",
        origin=environment.origin("spec", "egressAddresses"),
        addresses=egress_addresses(environment.name, environment.spec.egress_addresses),
        allow_listed_by=[vendor.name for vendor in around.all(Vendor) if vendor.spec.allow_list],
        hosts=sorted({*_google(accounts), *_reached(stores), *chain.from_iterable(called.values())}),
        unnamed=[name for name, hosts in called.items() if not hosts],
    )


def _hosts(dependency: Dependency, around: Neighbourhood) -> list[str]:
    if dependency.vendor is not None:
        return around.find(Vendor, dependency.vendor).spec.hosts
    assert dependency.service is not None
    host = around.service(dependency.service).host
    return [] if host is None else [host]


def _google(accounts: Sequence[Account]) -> Iterator[str]:
    for account in accounts:
        yield from (HOSTS_OF_ROLES[role] for role in account.roles if role in HOSTS_OF_ROLES)


def _reached(stores: Sequence[StoreDesign]) -> Iterator[str]:
    """Those that somebody may reach."""
    for store in stores:
        if store.runtime == "managed":
            yield from store.hosts
