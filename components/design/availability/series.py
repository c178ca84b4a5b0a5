"""The availability tree of a design: what users wait for, in series.

The way in (proxy, names, firewall, front door), the workloads behind weighted endpoints, the stores and
dependencies they need, what starts their copies, the region they are in, and the deploys. Workers and cron
jobs are not on that path: when they stand still, work is late, not lost. A machine of today counts once,
however much runs on it.
"""

from collections.abc import Iterator

import msgspec

from catalog.kinds.service import Service
from components.design.availability.published_sla import published, published_part, ratio
from components.design.availability.region import region_loss
from components.design.availability.rollout import strike
from components.design.availability.tree import Deploys, Failover, KOfN, Node, Part, Serial, Soft
from components.design.edge_model import (
    EdgeDesign,
)
from components.design.model import (
    DependencyDesign,
    Design,
    Machine,
    WorkloadDesign,
)
from components.design.stores.database import DatabaseDesign
from components.design.stores.model import StoreDesign

START_COVERAGE = 0.99
"""The share of outages of what starts copies that nobody notices: copies that run serve on, a deploy that
can't start new ones keeps the old, and only a zone lost or a peak in that hour needs more. Our assumption."""

MAINTENANCE_PER_YEAR = 4.0
MAINTENANCE_SECONDS = 60.0
"""Cloud SQL's Enterprise edition: under a minute, every few months, and left out of its SLA
(https://docs.cloud.google.com/sql/docs/postgres/maintenance)."""

MAINTENANCE = "https://docs.cloud.google.com/sql/docs/postgres/maintenance"


def availability_tree(
    service: Service,
    edge: EdgeDesign | None,
    machines: list[Machine],
    workloads: list[WorkloadDesign],
    stores: list[StoreDesign],
    dependencies: list[DependencyDesign],
) -> Node:
    """The tree whose leaves are the elements of the design, by their kind and name."""
    serving = [w for w in workloads if w.on_critical_path] or workloads
    share = _still_on_machines(edge)
    others = 1.0 if share is None else 1.0 - share
    parts: list[Node] = list(_way_in(edge, others)) if edge is not None else []
    parts += [
        _met_by(_machine(m), share if share is not None else 1.0)
        for m in machines
        if any(w.name in m.workloads for w in serving) or (share and m.public_address)
    ]
    spread = [w for w in serving if w.runtime == "kubernetes"]
    if spread:
        parts += [_met_by(part, others) for part in (_zones(spread), *_starting(spread))]
    reached = {name for workload in serving for name in workload.stores}
    managed = [s for s in stores if s.runtime == "managed" and s.name in reached]
    parts += [_needed(_store(s), s.need, s.coverage_percent) for s in managed]
    parts += [_maintenance(s) for s in managed if s.is_maintained and s.need == "hard"]
    parts += [part for s in managed if isinstance(s, DatabaseDesign) for part in _readers(s)]
    parts += [_needed(part, d.need, d.coverage_percent) for d in dependencies for part in _dependency(d)]
    parts += [_met_by(part, others) for part in _way_out(dependencies)] if spread else []
    environment = service.environment
    parts.append(region_loss(environment.spec.region, environment.origin("spec", "region")))
    parts.append(_met_by(_deploys("deploys", service, serving), others))
    if share:
        parts.append(_met_by(_deploys("deploys on machines", service, []), share))
    return Serial(service.full_name, tuple(parts))


def tree_of(service: Service, design: Design) -> Node:
    """The tree of a service that is designed already."""
    return availability_tree(
        service, design.edge, design.machines, design.workloads, design.stores, design.dependencies
    )


def _still_on_machines(edge: EdgeDesign | None) -> float | None:
    """The share of users (0 to 1) that are led to machines while a front door stands beside them; None where
    there is only one way in."""
    if edge is None or edge.entrance == "machine":
        return None
    found = max(host.machine_percent for host in (edge, *edge.former))
    return found / 100.0 if found else None


def _met_by(node: Node, share: float) -> Node:
    """A part that only a share of the users meets: its outages count for so many."""
    return node if share >= 1.0 else Soft(node, 1.0 - share)


def _way_in(edge: EdgeDesign, others: float) -> Iterator[Node]:
    """All that a request passes before a workload sees it; `others` is the share of those who pass the front
    door."""
    if edge.proxy == "cloudflare":
        yield published_part("cloudflare", "proxy cloudflare", edge.origin)
    yield published_part("cloud-dns", "names", edge.origin)
    if edge.entrance == "load-balancer":
        yield _met_by(published_part("load-balancer", "front door", edge.origin), others)
        if edge.waf_profile != "off":
            yield _met_by(published_part("cloud-armor", "firewall", edge.origin), others)


def _way_out(dependencies: list[DependencyDesign]) -> list[Node]:
    """Calls to the internet leave through NAT: it is needed as the neediest of them is."""
    called = [each for each in dependencies if each.is_outside]
    if not called:
        return []
    neediest = min(called, key=lambda each: (each.need != "hard", each.coverage_percent))
    nat = published_part("cloud-nat", "way out (NAT)", neediest.origin)
    return [_needed(nat, neediest.need, neediest.coverage_percent)]


def _machine(machine: Machine) -> Node:
    """Several machines in one zone share that zone's fate, and nothing more is known of them."""
    figure = "compute-single-vm" if machine.instances == 1 else "zone"
    return published_part(figure, f"machine {machine.name}", machine.origin)


def _zones(workloads: list[WorkloadDesign]) -> Node:
    """The zones under all serving workloads: they fail together for all of them, so the workload that can
    spare the fewest decides how many are needed."""
    tightest = max(workloads, key=lambda w: _zones_needed(w) / len(w.zones))
    zone = published("zone")
    return KOfN(
        name=f"workloads {' + '.join(w.name for w in workloads)}",
        k=_zones_needed(tightest),
        n=len(tightest.zones),
        availability=ratio(zone.percent),
        low=None if zone.low_percent is None else ratio(zone.low_percent),
        source=zone.source,
        origin=tightest.origin,
    )


def _zones_needed(workload: WorkloadDesign) -> int:
    """The fewest zones that carry the busiest hour, whichever are left. Without a stated capacity, the
    loss of one zone is taken to be bearable. A cron job starts in whichever zone is there."""
    if workload.kind == "cron":
        return 1
    zones = len(workload.zones)
    replicas = sorted(
        workload.min_replicas // zones + (i < workload.min_replicas % zones) for i in range(zones)
    )
    needed = workload.needed_at_peak or max(workload.left_after_zone_loss, 1)
    enough = (k for k in range(1, zones + 1) if sum(replicas[:k]) >= needed)
    return next(enough, zones)


def _starting(workloads: list[WorkloadDesign]) -> list[Node]:
    """What a copy needs to start, and not to run."""
    origin = workloads[0].origin
    return [
        _seldom_missed(published_part("gke-control-plane-regional", "control plane", origin)),
        _seldom_missed(published_part("artifact-registry", "image registry", origin)),
    ]


def _seldom_missed(part: Part) -> Part:
    """The part as those see it who need it to start copies only."""
    low, point, high = (
        None if figure is None else 1.0 - (1.0 - START_COVERAGE) * (1.0 - figure)
        for figure in (part.low, part.availability, part.high)
    )
    assert point is not None
    return msgspec.structs.replace(part, low=low, availability=point, high=high)


def _store(store: StoreDesign) -> Part:
    return published_part(store.sla, f"store {store.name}", store.origin)


def _readers(store: DatabaseDesign) -> Iterator[Node]:
    """The read replicas of a database, of which one is enough: each is one instance in one zone. A single one
    is away while it gets a new version."""
    if not store.replicas:
        return
    single = published_part("cloud-sql-zonal", f"read replicas of store {store.name}", store.origin)
    readers = KOfN(
        name=single.name,
        k=1,
        n=len(store.replicas),
        availability=single.availability,
        low=single.low,
        high=single.high,
        source=single.source,
        origin=single.origin,
    )
    yield readers if store.read_need == "hard" else Soft(readers, store.coverage_percent / 100.0)
    if len(store.replicas) == 1 and store.read_need == "hard":
        yield msgspec.structs.replace(
            _maintenance(store), name=f"maintenance of the read replica of store {store.name}"
        )


def _maintenance(store: StoreDesign) -> Failover:
    return Failover(
        name=f"maintenance of store {store.name}",
        failures_per_year=MAINTENANCE_PER_YEAR,
        failover_seconds=MAINTENANCE_SECONDS,
        source=MAINTENANCE,
        origin=store.origin,
    )


def _dependency(dependency: DependencyDesign) -> Iterator[Part]:
    """None of what nobody knows a figure: that is said beside the result, and is not taken for 100 %."""
    if dependency.availability is not None:
        figure = ratio(dependency.availability)
        name = f"dependency {dependency.name}"
        yield Part(name, figure, source=dependency.source, origin=dependency.origin)


def _needed(part: Part, need: str, coverage_percent: float) -> Node:
    return part if need == "hard" else Soft(part, coverage_percent / 100.0)


def _deploys(name: str, service: Service, serving: list[WorkloadDesign]) -> Deploys:
    rollout = service.spec.rollout
    struck = strike(rollout, serving)
    return Deploys(
        name=name,
        deploys_per_window=rollout.deploys_per_window,
        change_failure_percent=rollout.change_failure_percent,
        blast_percent=struck.percent,
        restore_minutes=struck.minutes,
        window_days=service.spec.availability.window_days,
        source=struck.source,
        origin=service.origin("spec", "rollout"),
    )
