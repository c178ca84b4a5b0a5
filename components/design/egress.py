"""Decides whom a service may call, and from which addresses."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from catalog.addresses import parsed
from catalog.checks.variables import ADDRESS_FACTS, SERVICE_FACTS
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Dependency
from catalog.kinds.vendor import Vendor
from catalog.neighbourhood import Neighbourhood
from catalog.stores.store import variable
from components.design.accounts import HOSTS_OF_ROLES
from components.design.calls import AddressCall, Egress, ServiceCall, StorePorts, WorkloadEgress
from components.design.model import Account, WorkloadDesign
from components.design.naming import egress_addresses
from components.design.stores.model import StoreDesign

SCHEMES = {"http": "http://", "http2": "http://", "grpc": "dns:///"}
"""How an address is written for clients of what is spoken there; gRPC has names of its own
(https://github.com/grpc/grpc/blob/master/doc/naming.md)."""


def egress(
    service: Service,
    around: Neighbourhood,
    accounts: Sequence[Account],
    stores: Sequence[StoreDesign],
    workloads: Sequence[WorkloadDesign],
) -> Egress:
    """The hosts that are called: those of its dependencies and its stores, and those of Google that its
    accounts have a right for. All calls leave from the environment's reserved addresses. `workloads` are all
    that runs, migrations too."""
    environment = service.environment
    managed = [store for store in stores if store.runtime == "managed"]
    pods = [each for each in workloads if each.runtime == "kubernetes"]
    shared = [store for store in managed if all(store.name in each.stores for each in pods)]
    inside = list(_inside(service, around))
    stay = {call.name for call in inside}
    elsewhere = list(_elsewhere(service))
    stay |= {call.name for call in elsewhere}
    called = {d.name: _hosts(d, around) for d in service.spec.dependencies if d.name not in stay}
    hosts = {*_google(accounts), *_hosts_of(shared), *chain.from_iterable(called.values())}
    ways = {(each.within, port) for each in shared for port in each.ports}
    return Egress(
        name="egress",
        origin=environment.origin("spec", "egressAddresses"),
        addresses=egress_addresses(environment.name, environment.spec.egress_addresses),
        allow_listed_by=[vendor.name for vendor in around.all(Vendor) if vendor.spec.allow_list],
        hosts=sorted(hosts),
        unnamed=[name for name, hosts in called.items() if not hosts],
        services=inside,
        elsewhere=elsewhere,
        stores=_stores(ways),
        own=[
            WorkloadEgress(
                name=each.name,
                origin=each.origin,
                stores=_stores({(s.within, port) for s in reached for port in s.ports} - ways),
                hosts=sorted({*_hosts_of(reached)} - hosts),
            )
            for each in pods
            if (reached := [s for s in managed if s not in shared and s.name in each.stores])
        ],
    )


def _inside(service: Service, around: Neighbourhood) -> Iterator[ServiceCall]:
    """Services of the same cluster. The internet's way to them, with its firewall and limits, is not theirs;
    and a machine is not in the cluster."""
    if all(workload.runtime == "vm" for workload in service.spec.workloads):
        return
    for index, dependency in enumerate(service.spec.dependencies):
        answers = [] if dependency.service is None else around.service(dependency.service).listeners
        for listener in answers:
            if dependency.workload in {None, listener.workload}:
                address = f"{listener.workload}.{listener.called}.svc.cluster.local:{listener.port}"
                yield ServiceCall(
                    name=dependency.name,
                    origin=service.origin("spec", "dependencies", index),
                    namespace=listener.called,
                    workload=listener.workload,
                    port=listener.port,
                    address=address,
                    url=SCHEMES[listener.protocol] + address,
                )
                break


def _elsewhere(service: Service) -> Iterator[AddressCall]:
    for index, dependency in enumerate(service.spec.dependencies):
        for text in dependency.addresses or ():
            found = parsed(text)
            yield AddressCall(
                name=dependency.name,
                origin=service.origin("spec", "dependencies", index),
                host=found.host if found.ip is None else None,
                range=None if found.ip is None else f"{found.ip}/32",
                port=found.port,
                address=None if found.is_many else text,
            )


def addresses(calls: Egress) -> dict[str, str]:
    """The variables that tell a workload where those are that it calls. Clients of what has several addresses
    take them with commas between, such as Kafka's `bootstrap.servers`."""
    told = {
        variable(call.name, fact): value
        for call in calls.services
        for fact, value in zip(SERVICE_FACTS, (call.address, call.url), strict=True)
    }
    for name, found in groupby(calls.elsewhere, key=lambda call: call.name):
        text = ",".join(call.address for call in found if call.address is not None)
        told |= {variable(name, fact): text for fact in ADDRESS_FACTS}
    return told


def caller_label(called: str) -> str:
    """The label of namespaces whose pods may call the service of that full name. A namespace has it because
    its service's file names the other as a dependency: so neither stack needs the other to be there first."""
    return f"calls.pave/{called}"


def _hosts(dependency: Dependency, around: Neighbourhood) -> list[str]:
    if dependency.vendor is not None:
        return around.find(Vendor, dependency.vendor).spec.hosts
    assert dependency.service is not None
    host = around.service(dependency.service).host
    return [] if host is None else [host]


def _google(accounts: Sequence[Account]) -> Iterator[str]:
    for account in accounts:
        yield from (HOSTS_OF_ROLES[role] for role in account.roles if role in HOSTS_OF_ROLES)


def _hosts_of(stores: Sequence[StoreDesign]) -> Iterator[str]:
    for store in stores:
        yield from store.hosts


def _stores(ways: set[tuple[str, int]]) -> list[StorePorts]:
    by_range = groupby(sorted(ways), key=lambda way: way[0])
    return [StorePorts(within, [port for _, port in found]) for within, found in by_range]
