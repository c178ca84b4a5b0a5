"""Builds the availability tree of a design, and judges it against what was promised.

What users wait for stands in series: the front door, the workloads behind weighted endpoints, the stores
and dependencies they need, and the deploys. Workers and cron jobs are not on that path: when they stand
still, work is late, not lost. A machine of today counts once, however much runs on it.
"""

from catalog.kinds.service import Service
from components.design.availability.model import evaluate, minutes
from components.design.availability.published_sla import published, published_part, ratio
from components.design.availability.tree import Deploys, KOfN, Node, Part, Serial, Soft
from components.design.model import (
    AvailabilityDesign,
    DependencyDesign,
    EdgeDesign,
    Machine,
    PartShare,
    StoreDesign,
    WorkloadDesign,
)

ROLLBACK_SOURCE = "spec.rollout"


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
    parts: list[Node] = []
    if edge is not None and edge.entrance == "load-balancer":
        parts.append(published_part("load-balancer", "front door", edge.origin))
    parts += [_machine(m) for m in machines if any(w.name in m.workloads for w in serving)]
    spread = [w for w in serving if w.runtime == "kubernetes"]
    if spread:
        parts.append(_zones(spread))
    parts += [_needed(_store(s), s.need) for s in stores if s.runtime == "managed"]
    parts += [_needed(_dependency(d), d.need) for d in dependencies]
    parts.append(_deploys(service))
    return Serial(service.full_name, tuple(parts))


def judge_availability(
    service: Service,
    edge: EdgeDesign | None,
    machines: list[Machine],
    workloads: list[WorkloadDesign],
    stores: list[StoreDesign],
    dependencies: list[DependencyDesign],
) -> AvailabilityDesign:
    """Promised against designed, with each part's share of the unavailability, largest first."""
    promise = service.spec.availability
    tree = availability_tree(service, edge, machines, workloads, stores, dependencies)
    result = evaluate(tree, promise.window_days)
    ceiling = 1.0
    for dependency in dependencies:
        if dependency.need == "hard":
            ceiling *= ratio(dependency.availability)
    return AvailabilityDesign(
        promised=promise.target,
        designed=_percent(result.availability),
        low=_percent(result.low),
        high=_percent(result.high),
        window_days=promise.window_days,
        promised_minutes=round(minutes(ratio(promise.target), promise.window_days), 6),
        designed_minutes=round(result.minutes, 6),
        ceiling=_percent(ceiling),
        weakest=result.weakest or "",
        parts=[
            PartShare(
                name=share.name,
                origin=share.origin or service.origin("spec"),
                availability=_percent(share.availability),
                minutes=round(share.minutes, 6),
                share=round(share.share_percent, 6),
                source=share.source or "",
            )
            for share in result.shares
        ],
    )


def _percent(availability: float) -> float:
    return round(100 * availability, 9)


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


def _store(store: StoreDesign) -> Part:
    if store.kind == "postgres":
        figure = (
            f"cloud-sql-{store.edition}-regional" if store.availability == "regional" else "cloud-sql-zonal"
        )
    else:
        figure = "redis-standard-ha" if store.availability == "regional" else "redis-basic"
    return published_part(figure, f"store {store.name}", store.origin)


def _dependency(dependency: DependencyDesign) -> Part:
    figure = ratio(dependency.availability)
    return Part(
        f"dependency {dependency.name}",
        figure,
        source=f"catalog: {dependency.target}",
        origin=dependency.origin,
    )


def _needed(part: Part, need: str) -> Node:
    return part if need == "hard" else Soft(part)


def _deploys(service: Service) -> Deploys:
    """A bad deploy is taken to be noticed at the first step, and to strike that share of users until it is
    turned back; where nothing turns it back by itself, it strikes all. A fault that shows only at a later
    step strikes more than this."""
    rollout = service.spec.rollout
    blast = rollout.steps[0] if rollout.rollback == "automatic" else 100
    return Deploys(
        name="deploys",
        deploys_per_window=rollout.deploys_per_window,
        change_failure_percent=rollout.change_failure_percent,
        blast_percent=blast,
        restore_minutes=rollout.restore_minutes,
        window_days=service.spec.availability.window_days,
        source=ROLLBACK_SOURCE,
        origin=service.origin("spec", "rollout"),
    )
