"""What is said of a service alone on the nodes of its environment."""

import msgspec


class OwnFit(msgspec.Struct, frozen=True, rename="camel"):
    """Whether an empty cluster has room for the fewest copies of one service: on up to `nodes_per_zone`
    nodes in each of its `zones`, `left_out` of so many `pods` find none, most of them of the `workload`. A
    copy that no node is large enough for counts as one that takes a whole node."""

    pods: int
    nodes_per_zone: int
    zones: int
    left_out: int
    workload: str
    first_left_out: str
