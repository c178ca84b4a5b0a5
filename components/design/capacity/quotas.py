"""What all stacks of an environment take of its project's quotas in Compute Engine, against what there is.

The resources of a plan are counted one by one by `stacks/providers/quotas.py`; a test compares. The cluster
counts with the nodes that it takes when a zone is lost: else it couldn't grow when it has to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from catalog.kinds.environment import Environment
from catalog.kinds.service import Service
from catalog.kinds.zone import Zone
from components.design.capacity.default_quotas import GLOBAL, default_quota
from components.design.edge import edge
from components.design.edge.baseline import shared_policies
from components.design.edge.request_rules import security_policies
from components.design.edge_model import RequestRule
from components.design.foundation import cluster, network
from components.design.node import processors
from components.design.workloads import machines, spread

IN_CPUS = {"e2", "f1", "g1", "n1"}
"""Series that count as CPUS; each other one has a quota of its own name:
https://cloud.google.com/compute/resource-usage#cpu_quota."""


class Use(NamedTuple):
    """So much of a `metric`, in a region or `GLOBAL`."""

    metric: str
    place: str
    amount: float


class QuotaNeed(msgspec.Struct, frozen=True, rename="camel"):
    """What is `needed` of a quota, `first` by whom, and its `limit`: the one that the environment states as
    number `stated` of its `quotas`, else the default, which was seen at `source`; None where nobody knows."""

    metric: str
    scope: str
    needed: float
    first: str
    limit: float | None
    stated: int | None
    source: str


def quota_needs(
    environment: Environment, zone: Zone | None, services: Sequence[Service], nodes: int, disk_gb: int = 0
) -> list[QuotaNeed]:
    """What an environment's foundation with so many nodes, these services, all that run there, and the disks
    of what watches them need of each quota; `zone` is its zone's file."""
    taken: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for use in foundation_uses(environment, zone, nodes):
        taken[use.metric, use.place]["the foundation"] += use.amount
    if disk_gb:
        taken["SSD_TOTAL_GB", environment.spec.region]["what watches it"] += disk_gb
    for service in services:
        for use in service_uses(service):
            taken[use.metric, use.place][service.full_name] += use.amount
    return [_need(environment, *quota, by) for quota, by in sorted(taken.items())]


def _need(environment: Environment, metric: str, place: str, by: dict[str, float]) -> QuotaNeed:
    scope = "project" if place == GLOBAL else "region"
    stated = next(
        (n for n, each in enumerate(environment.spec.quotas) if (each.metric, each.scope) == (metric, scope)),
        None,
    )
    default = default_quota(metric, place)
    most = max(by, key=lambda name: (by[name], name))
    limit = None if default is None else default.limit
    return QuotaNeed(
        metric=metric,
        scope=scope,
        needed=sum(by.values()),
        first=f"{by[most]:g} by {most}",
        limit=limit if stated is None else environment.spec.quotas[stated].limit,
        stated=stated,
        source="" if default is None or stated is not None else default.source,
    )


def stated_quotas(environments: Iterable[Environment]) -> dict[tuple[str, str, str], float]:
    """The limits that environments state, by project, metric and place. No two have the same project."""
    return {
        (spec.project, stated.metric, GLOBAL if stated.scope == "project" else spec.region): stated.limit
        for spec in (environment.spec for environment in environments)
        for stated in spec.quotas
    }


def foundation_uses(environment: Environment, zone: Zone | None, nodes: int) -> Iterator[Use]:
    """The network, the way out, so many nodes, and the firewall policies that services share."""
    spec = environment.spec
    pool = cluster.nodes(environment)
    for metric in ("NETWORKS", "ROUTERS", "SUBNETWORKS"):
        yield Use(metric, GLOBAL, 1)
    yield Use("FIREWALLS", GLOBAL, len(network.firewall(environment).rules))
    for metric in ("IN_USE_ADDRESSES", "STATIC_ADDRESSES"):
        yield Use(metric, spec.region, spec.egress_addresses)
    yield Use("SSD_TOTAL_GB", spec.region, nodes * pool.disk_gb)
    yield from processor_uses(pool.machine_type, spec.region, nodes)
    if zone is not None and (checked := sum(each.health_check is not None for each in zone.spec.records)):
        yield Use("HEALTH_CHECKS", GLOBAL, checked)
    if shared := shared_policies(environment, zone):
        yield from _policy_uses([policy.rules for policy in shared])


def service_uses(service: Service) -> Iterator[Use]:
    """The way to a service, and the machines of one that isn't on the cluster."""
    workloads = spread(service)
    front = edge.edge(service)
    region = service.environment.spec.region
    for workload in workloads:
        if workload.group is not None and workload.runtime == "kubernetes":
            yield Use("NETWORK_ENDPOINT_GROUPS", GLOBAL, len(service.environment.spec.zones))
    for machine in machines(service):
        yield from processor_uses(machine.machine_type, region, machine.instances)
        if machine.open_to:
            yield Use("FIREWALLS", GLOBAL, 1)
        if machine.public_address:
            for metric in ("IN_USE_ADDRESSES", "STATIC_ADDRESSES"):
                yield Use(metric, region, machine.instances)
    if front is None or front.entrance != "load-balancer":
        return
    journeys = edge.endpoints(service)
    addresses = 2 if front.has_ipv6 else 1
    policies = security_policies(front, journeys)
    yield Use("GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES", GLOBAL, len(journeys))
    yield Use("HEALTH_CHECKS", GLOBAL, len({journey.workload for journey in journeys}))
    if front.behind is None:
        yield Use("STATIC_ADDRESSES", GLOBAL, addresses)
        yield Use("GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES", GLOBAL, 2 * addresses)
        for metric in ("SSL_POLICIES", "TARGET_HTTPS_PROXIES", "TARGET_HTTP_PROXIES"):
            yield Use(metric, GLOBAL, 1)
        yield Use("URL_MAPS", GLOBAL, 2)
    own = [policy.rules for policy in policies if policy.address is None]
    if own:
        yield from _policy_uses(own)


def _policy_uses(policies: Sequence[Sequence[RequestRule]]) -> Iterator[Use]:
    rules = [rule for policy in policies for rule in policy]
    yield Use("SECURITY_POLICIES", GLOBAL, len(policies))
    yield Use("SECURITY_POLICY_RULES", GLOBAL, len(rules))
    yield Use("SECURITY_POLICY_CEVAL_RULES", GLOBAL, sum(rule.expression is not None for rule in rules))


def processor_uses(machine_type: str, region: str, machines: float) -> Iterator[Use]:
    """The cores of so many machines; nothing for a type of which nobody here knows how many it has."""
    cores = processors(machine_type)
    series = "n1" if machine_type.startswith("custom-") else machine_type.partition("-")[0]
    if cores is not None:
        yield Use("CPUS" if series in IN_CPUS else f"{series.upper()}_CPUS", region, cores * machines)
        yield Use("CPUS_ALL_REGIONS", GLOBAL, cores * machines)
