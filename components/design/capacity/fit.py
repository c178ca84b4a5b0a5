"""Whether all pods of an environment find a node when a zone is gone.

A pod that finds none waits, and Kubernetes says so to nobody; so the sum is done before. Pods are laid on
nodes as the scheduler may, the largest first, each workload spread evenly over the zones that are left. The
order in which pods really come may waste more. A rollout's extra copies and migrations end, and are left out.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from catalog.kinds.environment import Environment
from catalog.kinds.service import Service
from components.design.foundation.cluster import PODS_PER_NODE, nodes
from components.design.model import WorkloadDesign
from components.design.node import NodeRoom, Size, room_for_pods
from components.design.own_fit import OwnFit
from components.design.workloads import spread

MOST_NODES = 200
"""The largest `nodesPerZone.max` of the schema."""


SHOWN = 3
"""Workloads that are named of those that find no node."""


class Demand(msgspec.Struct, frozen=True, rename="camel"):
    """So many `pods` ask for `cpu` cores and `memory_mb` in all. `nodes_per_zone` are enough for them, None
    when no number is that may be written. Among those that there may be, `left_out` pods find no node; whose
    most of them are is said in `first_left_out`, and `most_left_out` is the first of these workloads."""

    pods: int
    cpu: float
    memory_mb: int
    nodes_per_zone: int | None
    left_out: int
    first_left_out: str
    most_left_out: str


class ClusterFit(msgspec.Struct, frozen=True, rename="camel"):
    """An environment's cluster without one of its zones: `zones` are left, with up to `nodes_per_zone` nodes
    in each. `least` is what runs with the fewest copies of each workload, `most` with the most. In all
    there may be `most_nodes`, and `room_for_nodes` says how many the address ranges allow.

    Of a machine type that nobody here knows the size of, `node`, `least` and `most` are None."""

    machine_type: str
    zones: int
    nodes_per_zone: int
    most_nodes: int
    room_for_nodes: dict[str, int]
    node: NodeRoom | None
    least: Demand | None
    most: Demand | None


class Pods(NamedTuple):
    """Pods that are all alike."""

    service: str
    workload: str
    each: Size
    copies: int


class Others(NamedTuple):
    """What else runs in an environment: its pods, as many however busy it is, and its disks in GB."""

    pods: Sequence[Pods]
    disk_gb: int


def fit(environment: Environment, services: Iterable[Service], others: Others | None = None) -> ClusterFit:
    """How the services of an environment and what else runs there fit its cluster, when it has lost a zone.
    With a single zone there is none to lose without losing all."""
    cluster = environment.spec.cluster
    pool = nodes(environment)
    room = node_room(environment)
    zones = max(1, len(environment.spec.zones) - 1)
    least: list[Pods] = [] if others is None else [*others.pods]
    most = [*least]
    for service in services:
        for workload in on_kubernetes(spread(service)):
            each = request(workload)
            least.append(Pods(service.full_name, workload.name, each, _fewest(workload)))
            most.append(Pods(service.full_name, workload.name, each, workload.max_replicas))
    per_zone = cluster.nodes_per_zone.max
    return ClusterFit(
        machine_type=cluster.machine_type,
        zones=zones,
        nodes_per_zone=per_zone,
        most_nodes=pool.most_nodes,
        room_for_nodes=pool.room_for_nodes,
        node=room,
        least=None if room is None else laid_out(least, room, zones, per_zone),
        most=None if room is None else laid_out(most, room, zones, per_zone),
    )


def own_fit(service: Service, workloads: Sequence[WorkloadDesign]) -> OwnFit | None:
    """How the copies of one service alone fit the cluster with all its zones. None where nothing of it runs
    there, or nobody knows how large its nodes are."""
    environment = service.environment
    room = node_room(environment)
    here = on_kubernetes(workloads)
    if room is None or not here:
        return None
    whole = Size(round(1000 * room.cpu), room.memory_mb)
    pods = [
        Pods(service.full_name, workload.name, _at_most(request(workload), whole), _fewest(workload))
        for workload in here
    ]
    zones, per_zone = len(environment.spec.zones), environment.spec.cluster.nodes_per_zone.max
    found = laid_out(pods, room, zones, per_zone)
    return OwnFit(
        pods=found.pods,
        nodes_per_zone=per_zone,
        zones=zones,
        left_out=found.left_out,
        workload=found.most_left_out,
        first_left_out=found.first_left_out,
    )


def _at_most(each: Size, node: Size) -> Size:
    return Size(min(each.cpu, node.cpu), min(each.memory, node.memory))


def on_kubernetes(workloads: Iterable[WorkloadDesign]) -> list[WorkloadDesign]:
    """Those that take room on nodes."""
    return [workload for workload in workloads if workload.runtime == "kubernetes"]


def nodes_needed(environment: Environment, found: ClusterFit) -> int:
    """The nodes that have to be there, in all zones, so that the fewest copies run with one zone lost. The
    nodes of that one are still counted against quotas."""
    per_zone = environment.spec.cluster.nodes_per_zone
    needed = None if found.least is None else found.least.nodes_per_zone
    each = per_zone.max if needed is None else min(max(per_zone.min, needed), per_zone.max)
    return each * len(environment.spec.zones)


def node_room(environment: Environment) -> NodeRoom | None:
    """What one node of the environment has for pods."""
    return room_for_pods(environment.spec.cluster.machine_type, PODS_PER_NODE)


def request(workload: WorkloadDesign) -> Size:
    """What one pod of a workload asks for: all that runs at once, of what ends before and what runs beside it
    (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers)."""
    kinds = {"before": [Size(0, 0)], "beside": [Size(0, 0)]}
    for each in workload.helpers:
        kinds[each.kind].append(Size(round(1000 * each.cpu), each.memory_mb))
    if workload.proxy is not None:
        kinds["beside"].append(Size(round(1000 * workload.proxy.cpu), workload.proxy.memory_mb))
    before, beside = kinds["before"], kinds["beside"]
    # Those beside may come after those before: counting them all is never too little.
    return Size(
        max(round(1000 * workload.cpu), *(each.cpu for each in before)) + sum(each.cpu for each in beside),
        max(workload.memory_mb, *(each.memory for each in before)) + sum(each.memory for each in beside),
    )


def _fewest(workload: WorkloadDesign) -> int:
    """A schedule runs once at a time, whatever else."""
    return 1 if workload.kind == "cron" else workload.min_replicas


def laid_out(pods: Sequence[Pods], room: NodeRoom, zones: int, per_zone: int) -> Demand:
    """What `pods` come to on up to `per_zone` nodes in each of so many zones."""
    whole = Size(round(1000 * room.cpu), room.memory_mb)
    smallest = Size(
        min((one.each.cpu for one in pods), default=0), min((one.each.memory for one in pods), default=0)
    )
    grounds = [_Zone(whole, room.pods, smallest) for _ in range(zones)]
    left: list[tuple[int, str, str]] = []
    is_enough = True
    for group in sorted(pods, key=lambda one: (-_size(one.each, whole), one.service, one.workload)):
        if not group.copies:
            continue
        fewest, more = divmod(group.copies, zones)
        outside = 0
        for n, zone in enumerate(sorted(grounds, key=lambda one: one.taken)):
            placed = zone.lay(group.each, fewest + (n < more), per_zone)
            outside += placed.beyond
            is_enough = is_enough and placed.nowhere == 0
        if outside:
            left.append((outside, f"{outside} of {group.service}/{group.workload}", group.workload))
    left.sort(key=lambda one: (-one[0], one[1]))
    needed = max(len(zone.nodes) for zone in grounds)
    return Demand(
        pods=sum(group.copies for group in pods),
        cpu=round(sum(group.copies * group.each.cpu for group in pods) / 1000, 3),
        memory_mb=sum(group.copies * group.each.memory for group in pods),
        nodes_per_zone=needed if is_enough else None,
        left_out=sum(outside for outside, *_ in left),
        first_left_out=", ".join(text for _, text, _ in left[:SHOWN]) + (", others" if left[SHOWN:] else ""),
        most_left_out=left[0][2] if left else "",
    )


def _size(each: Size, node: Size) -> float:
    """The larger of a pod's shares of a node."""
    return max(each.cpu / max(node.cpu, 1), each.memory / max(node.memory, 1))


class _Placed(NamedTuple):
    """Of some pods, those `beyond` the nodes that there may be, and of those the ones for which no number of
    nodes is enough."""

    beyond: int
    nowhere: int


class _Zone:
    """The nodes of a zone, each with what is left of it, and the share of nodes that is `taken` in all. No
    pod is smaller than `smallest`: a node without room for that is not asked again."""

    def __init__(self, whole: Size, pods: int, smallest: Size) -> None:
        self._whole = whole
        self._pods = pods
        self._smallest = smallest
        self._open: list[int] = []
        self.nodes: list[tuple[int, int, int]] = []
        self.taken = 0.0

    def lay(self, each: Size, copies: int, most: int) -> _Placed:
        """Lays so many pods on the first nodes with room for them, on new ones where there is none."""
        self.taken += copies * _size(each, self._whole)
        beyond = 0
        for at in self._open:
            here = self._put(each, copies, at)
            copies -= here
            beyond += here if at >= most else 0
        self._open = [at for at in self._open if self._has_room(at)]
        while copies and len(self.nodes) < MOST_NODES and _fits(each, (*self._whole, self._pods)):
            at = len(self.nodes)
            self.nodes.append((*self._whole, self._pods))
            here = self._put(each, copies, at)
            copies -= here
            beyond += here if at >= most else 0
            if self._has_room(at):
                self._open.append(at)
        return _Placed(beyond + copies, copies)

    def _put(self, each: Size, copies: int, at: int) -> int:
        cpu, memory, pods = self.nodes[at]
        here = min(copies, cpu // max(each.cpu, 1), memory // max(each.memory, 1), pods)
        self.nodes[at] = (cpu - here * each.cpu, memory - here * each.memory, pods - here)
        return here

    def _has_room(self, at: int) -> bool:
        return _fits(self._smallest, self.nodes[at])


def _fits(each: Size, left: tuple[int, int, int]) -> bool:
    cpu, memory, pods = left
    return each.cpu <= cpu and each.memory <= memory and pods > 0
