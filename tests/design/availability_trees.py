"""Trees of parts for tests: published ones, and all that chance makes."""

from itertools import count

import msgspec
from hypothesis import strategies as st

from components.design.availability.published_sla import published_part
from components.design.availability.tree import (
    Deploys,
    Failover,
    KOfN,
    Leaf,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
    hard_leaves,
)

TINY = 1e-12

EDGE = (published_part("load-balancer", "edge"), published_part("compute-multi-zone", "web"))
VM = published_part("compute-single-vm", "vm")
ENTERPRISE = published_part("cloud-sql-enterprise-regional", "db")
PLUS = published_part("cloud-sql-enterprise-plus-regional", "db")
REDIS = published_part("redis-standard-ha", "redis")
REDIS_CLUSTER = published_part("redis-cluster", "redis")
ZUORA = Part("zuora", 0.999)


def named(node: Node) -> Node:
    """The same tree with a name of its own for every node."""
    names = (f"part-{number}" for number in count())

    def rename(node: Node) -> Node:
        match node:
            case Soft():
                return Soft(rename(node.dependency), node.coverage)
            case Serial() | Parallel():
                parts = tuple(rename(part) for part in node.parts)
                return msgspec.structs.replace(node, name=next(names), parts=parts)
            case _:
                return msgspec.structs.replace(node, name=next(names))

    return rename(node)


ratios = st.floats(0.0, 1.0) | st.floats(0.9, 1.0) | st.sampled_from([0.999, 0.9999, 0.99999, 1.0])
unnamed = st.just("")
parts = st.builds(Part, unnamed, ratios)
quorums = st.integers(1, 6).flatmap(
    lambda n: st.builds(KOfN, unnamed, st.integers(1, n), st.just(n), ratios, ratios)
)
spreads = (
    st.lists(st.integers(0, 4), min_size=1, max_size=4)
    .filter(any)
    .flatmap(
        lambda zones: st.builds(
            Spread, unnamed, st.integers(1, sum(zones)), st.just(tuple(zones)), ratios, ratios, ratios
        )
    )
)
failovers = st.builds(Failover, unnamed, st.floats(0.0, 100.0), st.floats(0.0, 7200.0))
deploys = st.builds(
    Deploys,
    unnamed,
    st.floats(0.0, 200.0),
    st.floats(0.0, 100.0),
    st.floats(0.0, 100.0),
    st.floats(0.0, 60.0),
)
leaves = st.one_of(parts, quorums, spreads, failovers, deploys)
trees = st.recursive(
    leaves,
    lambda nodes: st.one_of(
        st.builds(Serial, unnamed, st.lists(nodes, min_size=1, max_size=4).map(tuple)),
        st.builds(Parallel, unnamed, st.lists(nodes, min_size=1, max_size=3).map(tuple), ratios),
    ),
    max_leaves=8,
).map(named)
several = st.lists(leaves, min_size=1, max_size=5).map(
    lambda nodes: tuple(hard_leaves(named(Serial("", tuple(nodes)))))
)


def replaced(node: Node, name: str, leaf: Leaf) -> Node:
    match node:
        case Serial() | Parallel():
            inner = tuple(replaced(part, name, leaf) for part in node.parts)
            return msgspec.structs.replace(node, parts=inner)
        case _:
            return leaf if node.name == name else node


def improved(leaf: Leaf, by: float) -> Leaf:
    match leaf:
        case Part() | KOfN():
            better = leaf.availability + (1.0 - leaf.availability) * by
            return msgspec.structs.replace(leaf, availability=min(1.0, better))
        case Spread():
            return msgspec.structs.replace(
                leaf,
                zone_availability=min(1.0, leaf.zone_availability + (1.0 - leaf.zone_availability) * by),
                replica_availability=min(
                    1.0, leaf.replica_availability + (1.0 - leaf.replica_availability) * by
                ),
            )
        case Failover():
            return msgspec.structs.replace(leaf, failover_seconds=leaf.failover_seconds * (1.0 - by))
        case Deploys():
            return msgspec.structs.replace(leaf, restore_minutes=leaf.restore_minutes * (1.0 - by))


def shuffled(node: Node, order: "st.DataObject") -> Node:
    match node:
        case Serial() | Parallel():
            inner = order.draw(st.permutations([shuffled(part, order) for part in node.parts]))
            return msgspec.structs.replace(node, parts=tuple(inner))
        case _:
            return node
