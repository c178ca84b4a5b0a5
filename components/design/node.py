"""How much room a node of Google Kubernetes Engine has for the pods of services."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

GIB = 1024
"""MiB."""

GIB_PER_CPU: Mapping[str, Mapping[str, float]] = {
    "e2": {"standard": 4, "highmem": 8, "highcpu": 1},
    "n1": {"standard": 3.75, "highmem": 6.5, "highcpu": 0.9},
    "n2": {"standard": 4, "highmem": 8, "highcpu": 1},
    "n2d": {"standard": 4, "highmem": 8, "highcpu": 1},
    "n4": {"standard": 4, "highmem": 8, "highcpu": 2},
    "c2": {"standard": 4},
    "c2d": {"standard": 4, "highmem": 8, "highcpu": 2},
    "c3": {"standard": 4, "highmem": 8, "highcpu": 2},
    "c3d": {"standard": 4, "highmem": 8, "highcpu": 2},
    "t2a": {"standard": 4},
    "t2d": {"standard": 4},
}
"""Memory of predefined types for each vCPU. Series whose sizes differ in that aren't listed:
https://cloud.google.com/compute/docs/general-purpose-machines and compute-optimized-machines."""

SHARED_CORE = {"e2-micro": 1, "e2-small": 2, "e2-medium": 4}
"""GiB of types with two vCPUs that they get a part of."""

SHARED_CORE_RESERVED = 1060
MEMORY_RESERVED = ((4, 0.25), (4, 0.2), (8, 0.1), (112, 0.06), (float("inf"), 0.02))
CPU_RESERVED = ((1, 0.06), (1, 0.01), (2, 0.005), (float("inf"), 0.0025))
EVICTION_MIB = 100
"""What GKE keeps of a node for itself: so much of the first GiB, or cores, so much of the next, and what
evicts pods when less is free:
https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#resource_reservations."""

SEEN_BY_KUBERNETES = 0.97
"""Of a machine's memory, once the kernel has its own: that page's node of 16 GiB has 13498416Ki left for
pods, which the reservations alone don't explain."""


class Size(NamedTuple):
    """Thousandths of a core, and MiB."""

    cpu: int
    memory: int


SYSTEM_PODS, SYSTEM_PODS_EACH = Size(500, 800), 12
"""What GKE's own pods take of each node, and how many they are: ours, rounded up. A node of GKE 1.29 shows
105m and 230Mi for logs, 100m and 100Mi for the metadata server, 260m and 110Mi for each of two copies of DNS,
and smaller ones: https://github.com/cryptnono/cryptnono/issues/34."""


class NodeRoom(msgspec.Struct, frozen=True, rename="camel"):
    """What one empty node of a `machine_type` has for pods of services: cores, MiB, and how many."""

    machine_type: str
    cpu: float
    memory_mb: int
    pods: int


def room_for_pods(machine_type: str, pods_per_node: int) -> NodeRoom | None:
    """The room of a node; None for a machine type whose size isn't known here."""
    machine = _machine(machine_type)
    if machine is None:
        return None
    is_shared = machine_type in SHARED_CORE
    reserved = SHARED_CORE_RESERVED if is_shared else 1000 * _share(machine.cpu / 1000, CPU_RESERVED)
    seen = machine.memory * SEEN_BY_KUBERNETES
    memory = seen - GIB * _share(seen / GIB, MEMORY_RESERVED) - EVICTION_MIB
    return NodeRoom(
        machine_type,
        cpu=max(0, round(machine.cpu - reserved) - SYSTEM_PODS.cpu) / 1000,
        memory_mb=max(0, int(memory) - SYSTEM_PODS.memory),
        pods=max(0, pods_per_node - SYSTEM_PODS_EACH),
    )


def processors(machine_type: str) -> int | None:
    """The vCPUs of a machine type; None for one whose size isn't known here."""
    machine = _machine(machine_type)
    return None if machine is None else machine.cpu // 1000


def _machine(machine_type: str) -> Size | None:
    """`n2-standard-8`, `e2-medium`, or `n2-custom-6-20480`: family, cores and MiB."""
    if machine_type in SHARED_CORE:
        return Size(2000, SHARED_CORE[machine_type] * GIB)
    custom = re.fullmatch(r"(?:([a-z]\w+)-)?custom-(\d+)-(\d+)(?:-ext)?", machine_type)
    if custom and (custom[1] or "n1") in GIB_PER_CPU:
        return Size(1000 * int(custom[2]), int(custom[3]))
    family, _, rest = machine_type.partition("-")
    shape, _, cores = rest.partition("-")
    each = GIB_PER_CPU.get(family, {}).get(shape)
    if each is None or not re.fullmatch(r"[1-9]\d*", cores):
        return None
    return Size(1000 * int(cores), int(each * int(cores) * GIB))


def _share(amount: float, steps: tuple[tuple[float, float], ...]) -> float:
    """So much of the first step, so much of the next, and on."""
    found = 0.0
    for width, share in steps:
        found += min(amount, width) * share
        amount -= min(amount, width)
    return found
