"""How much room a node of Google Kubernetes Engine has for the pods of services."""

from typing import NamedTuple

import msgspec

from catalog.checks.machine_types import GIB, SHARED_CORE, machine

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
    known = machine(machine_type)
    if known is None:
        return None
    is_shared = machine_type in SHARED_CORE
    reserved = SHARED_CORE_RESERVED if is_shared else 1000 * _share(known.cpus, CPU_RESERVED)
    seen = known.memory * SEEN_BY_KUBERNETES
    memory = seen - GIB * _share(seen / GIB, MEMORY_RESERVED) - EVICTION_MIB
    return NodeRoom(
        machine_type,
        cpu=max(0, round(1000 * known.cpus - reserved) - SYSTEM_PODS.cpu) / 1000,
        memory_mb=max(0, int(memory) - SYSTEM_PODS.memory),
        pods=max(0, pods_per_node - SYSTEM_PODS_EACH),
    )


def processors(machine_type: str) -> int | None:
    """The vCPUs of a machine type; None for one whose size isn't known here."""
    known = machine(machine_type)
    return None if known is None else known.cpus


def _share(amount: float, steps: tuple[tuple[float, float], ...]) -> float:
    """So much of the first step, so much of the next, and on."""
    found = 0.0
    for width, share in steps:
        found += min(amount, width) * share
        amount -= min(amount, width)
    return found
