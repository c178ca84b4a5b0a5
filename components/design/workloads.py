"""Spreads workloads over zones, so that the loss of the fullest leaves enough."""

import math

from catalog.checks.schedules import meets_changed_clocks
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Variable, Workload
from catalog.stores.store import variable
from components.design.database_proxy import beside
from components.design.edge.edge import client_per_second, entrance
from components.design.foundation.network import LOAD_BALANCERS
from components.design.model import Machine, WorkloadDesign
from components.design.naming import account_name, resource_name
from components.design.rollout.rollout import progressive
from components.design.scaling import queue_target
from components.design.scraping import scrape

GROUP_LIMIT = 63
"""Characters of the name of a network endpoint group (RFC 1035)."""

PROBE_SECONDS = 5
"""Time between two probes of a starting copy."""

PROGRESS_SECONDS = 600
"""Time for a new node and the image, before a copy can start: Kubernetes' own default for a rollout,
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds."""

PROGRAMMING_SECONDS = 15
"""How long load balancers may still send requests to a copy that is told to stop: the least
terminationGracePeriodSeconds that https://cloud.google.com/kubernetes-engine/docs/how-to/container-native-load-balancing
leaves for taking an endpoint out."""

MIN_READY_SECONDS = 60
"""How long a new copy of a web server is ready before an old one goes. Load balancers get to know of it
meanwhile: it is put into its group, and passes a health check or two, while nothing tells Kubernetes so:
https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg. The time is ours; Google gives none."""

WAIT_MARGIN_SECONDS = 60
"""How much longer than a rollout may last the engine waits for it, to hear from Kubernetes why it failed."""

RETRIES = 2
"""Times that a failed run is tried again, when running twice counts once."""

MOST_MIN, MOST_MAX = 500, 1000
"""The largest `replicas.min` and `replicas.max` of the schema."""

LATEST_START_SECONDS = 3600
"""A missed run that could not start for this long waits for its next turn. Kubernetes gives up on a
schedule with more than 100 missed runs, https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/,
and one a minute stays below that."""


def spread(service: Service, *, watched: bool = False) -> list[WorkloadDesign]:
    """Every workload of the service, in its own order, where the environment's own unit has it `watched`."""
    return [
        _workload(service, index, workload, watched=watched)
        for index, workload in enumerate(service.spec.workloads)
    ]


def machines(service: Service) -> list[Machine]:
    """The virtual machines of today; workloads and stores that name the same host share one."""
    found: dict[str, Machine] = {}
    stores = [store.name for store in service.spec.stores if store.runtime == "vm"]
    for index, workload in enumerate(service.spec.workloads):
        if workload.vm is None or workload.vm.host in found:
            continue
        vm, host = workload.vm, workload.vm.host
        neighbours = [w for w in service.spec.workloads if w.vm is not None and w.vm.host == host]
        # What one of them says of the machine, and the others leave out, holds for all.
        instances = max(one.vm.instances for one in neighbours if one.vm is not None)
        answering = _answering(service, neighbours)
        is_public = any(one.vm.public_address for one in neighbours if one.vm is not None)
        open_to, open_ports = _openings(service, answering, is_public=is_public)
        found[host] = Machine(
            name=host,
            origin=service.origin("spec", "workloads", index, "vm"),
            resource=resource_name(service.full_name, host),
            account=_account(service, host),
            protected=service.environment.spec.protected
            and not any(one.vm.leaving for one in neighbours if one.vm is not None),
            machine_type=vm.machine_type,
            instances=instances,
            instance_names=[resource_name(service.full_name, host, str(n + 1)) for n in range(instances)],
            zone=vm.zone,
            image=vm.image,
            public_address=is_public,
            open_to=open_to,
            open_ports=open_ports,
            asked=[w.name for w in answering] if entrance(service) == "load-balancer" else [],
            workloads=[neighbour.name for neighbour in neighbours],
            stores=stores if not found else [],
        )
    return list(found.values())


def _answering(service: Service, workloads: list[Workload]) -> list[Workload]:
    named = {endpoint.workload for endpoint in service.spec.endpoints}
    return [workload for workload in workloads if workload.name in named]


def _carried(workload: Workload, copies: int) -> float | None:
    return None if workload.capacity is None else copies * workload.capacity.per_replica_per_second


def _openings(service: Service, answering: list[Workload], *, is_public: bool) -> tuple[list[str], list[int]]:
    """The ranges that reach a machine, and the ports. With its own address, a web server on the machine
    answers the internet, or the proxy in front, also while names move away from it; else the load balancer
    asks each workload at its port."""
    is_left = service.spec.edge.moving is not None and is_public
    if not answering and not is_left:
        return [], []
    if entrance(service) == "load-balancer" and not is_left:
        return LOAD_BALANCERS, sorted({workload.port for workload in answering if workload.port is not None})
    is_proxied = service.spec.edge.proxy != "none"
    return (service.environment.spec.trusted_proxies if is_proxied else ["0.0.0.0/0"]), [80, 443]


def _workload(service: Service, index: int, workload: Workload, *, watched: bool) -> WorkloadDesign:
    zones = service.environment.spec.zones
    internal = service.spec.edge.exposure == "internal"
    needed = _needed(workload)
    fewest = _least_for_peak(workload, needed, len(zones))
    if workload.vm is not None:
        zones, least, most = [workload.vm.zone], workload.vm.instances, workload.vm.instances
    elif workload.single_leader and workload.kind != "cron":
        least = most = 1
    else:
        written = workload.replicas.min
        least = written if written is not None else _fewest(service, workload, needed, len(zones))
        default_most = 1 if workload.kind == "cron" else 3 * max(least, 1)
        most = workload.replicas.max if workload.replicas.max is not None else max(default_most, least)
    surge = 0 if workload.single_leader else len(zones)
    min_ready = MIN_READY_SECONDS if workload.kind == "web" else 0
    progress = PROGRESS_SECONDS + workload.startup_seconds + min_ready
    stop_delay = PROGRAMMING_SECONDS if workload.kind == "web" else 0  # nobody sends to the others
    spread_over = zones if _moves(workload) else zones[: max(1, min(len(zones), least))]
    return WorkloadDesign(
        name=workload.name,
        origin=service.origin("spec", "workloads", index),
        kind=workload.kind,
        runtime=workload.runtime,
        resource=resource_name(service.full_name, workload.name),
        group=group_name(service, workload.name) if workload.kind == "web" and not internal else None,
        image=workload.image,
        image_owner=workload.image_owner,
        command=workload.command,
        args=workload.args,
        port=workload.port,
        protocol=workload.protocol,
        cpu=workload.cpu,
        memory_mb=workload.memory_mb,
        zones=spread_over,
        min_replicas=least,
        max_replicas=max(most, least),
        left_after_zone_loss=_left(workload, least, len(spread_over)),
        needed_at_peak=needed,
        min_for_peak=fewest,
        max_for_room=_room(least, fewest, needed),
        capacity=workload.capacity,
        carries_per_second=_carried(workload, least),
        client_per_second=client_per_second(service, workload.name),
        cpu_target_percent=workload.cpu_target_percent,
        queue_target=queue_target(service, workload),
        rollout=progressive(service, workload, copies=least, surge=surge, watched=watched),
        max_surge=surge,
        max_unavailable=1 if workload.single_leader else 0,
        stores=workload.stores,
        connections=workload.connections,
        readiness=workload.readiness,
        liveness=workload.liveness,
        balancer_check=_balancer_check(workload),
        startup_seconds=workload.startup_seconds,
        startup_checks=math.ceil(workload.startup_seconds / PROBE_SECONDS),
        probe_seconds=PROBE_SECONDS,
        progress_seconds=progress,
        wait_seconds=progress + WAIT_MARGIN_SECONDS,
        min_ready_seconds=min_ready,
        shutdown_seconds=workload.shutdown_seconds,
        stop_delay_seconds=stop_delay,
        grace_seconds=stop_delay + workload.shutdown_seconds,
        environment=[*workload.environment, *_store_secrets(service, workload)],
        scratch=workload.scratch,
        helpers=workload.helpers,
        schedule=workload.schedule,
        rehearsal=workload.rehearsal,
        suspended=workload.suspended,
        time_zone=workload.time_zone,
        meets_changed_clocks=workload.schedule is not None
        and meets_changed_clocks(workload.schedule, workload.time_zone),
        deadline_seconds=workload.deadline_seconds,
        start_within_seconds=min(max(workload.deadline_seconds, 60), LATEST_START_SECONDS),
        retries=RETRIES if workload.idempotency_key is not None else 0,
        single_leader=workload.single_leader,
        on_critical_path=any(e.workload == workload.name and e.weight > 0 for e in service.spec.endpoints),
        scrape=scrape(service, index, workload),
        account=_account(service, workload.name if workload.vm is None else workload.vm.host),
        proxy=(
            beside(service, workload.stores, port=workload.port, connections=workload.connections)
            if workload.runtime == "kubernetes"
            else None
        ),
    )


def _balancer_check(workload: Workload) -> str | None:
    """Whether a copy answers at all. Readiness may ask a database, and while that fails over the load
    balancer would have no copy left at all, where each could still say something. It asks by a path or by the
    gRPC health protocol where liveness does, else whether the port is open
    (https://cloud.google.com/load-balancing/docs/health-check-concepts)."""
    if workload.kind != "web":
        return None
    return workload.liveness.by if workload.liveness.by in {"http", "grpc"} else "tcp"


def _account(service: Service, name: str) -> str:
    return account_name(service.full_name, name, project=service.environment.spec.project)


def group_name(service: Service, workload: str) -> str:
    """The name of a workload's groups of endpoints, in every zone. GKE tells its own by their names, so they
    bear the environment, and with it the cluster: it refuses those that another cluster has left."""
    return resource_name(service.full_name, workload, service.environment.name, limit=GROUP_LIMIT)


def most_connections(service: Service, workloads: list[WorkloadDesign]) -> dict[str, int]:
    """What all replicas at their most may open to each store, by its name, during a rollout, if it is a
    database."""
    running = [each for each in workloads if each.kind != "cron"]
    return {
        store.name: sum(
            (w.max_replicas + w.max_surge) * w.connections for w in running if store.name in w.stores
        )
        for store in service.spec.stores
    }


def _store_secrets(service: Service, workload: Workload) -> list[Variable]:
    """What stores make up, those who reach them read from holders of their own."""
    return [
        Variable(name=variable(store.name, fact), secret=secret)
        for store in service.spec.stores
        if store.name in workload.stores
        for fact, secret in store.secret_facts.items()
    ]


def _moves(workload: Workload) -> bool:
    """Whether it just starts in another zone when its own is lost: work is late then, not lost."""
    return workload.kind == "cron" or (workload.kind == "worker" and workload.single_leader)


def _left(workload: Workload, least: int, zones: int) -> int:
    """Replicas that are left without the fullest zone."""
    return least if _moves(workload) and zones > 1 else least - math.ceil(least / zones)


def _needed(workload: Workload) -> int | None:
    """Replicas that carry the busiest hour."""
    if workload.capacity is None:
        return None
    return math.ceil(workload.capacity.peak_per_second / workload.capacity.per_replica_per_second)


def _fewest(service: Service, workload: Workload, needed: int | None, zones: int) -> int:
    """The smallest number that is spread over the zones and still carries the peak without the fullest."""
    if workload.kind == "cron":
        return 1
    if service.environment.spec.purpose != "production" or service.spec.stage == "experiment":
        return min(zones, 2)
    return max(zones, 0 if needed is None or zones == 1 else enough_without_zone(needed, zones))


def enough_without_zone(needed: int, zones: int) -> int:
    """The smallest n with n − ⌈n / zones⌉ ≥ needed, for two zones or more."""
    return -(-needed * zones // (zones - 1))


def _least_for_peak(workload: Workload, needed: int | None, zones: int) -> int | None:
    """The least `replicas.min` that carries the peak without the fullest zone, if it may be written."""
    if needed is None or zones == 1:
        return None
    least = enough_without_zone(needed, zones)
    most = MOST_MIN if workload.replicas.max is None else min(MOST_MIN, workload.replicas.max)
    return least if least <= most else None


def _room(least: int, fewest: int | None, needed: int | None) -> int | None:
    """The least `replicas.max` that leaves the autoscaler room, if it may be written."""
    room = max(2 * (needed or 0), max(least, fewest or 0) + 1)
    return room if room <= MOST_MAX else None
