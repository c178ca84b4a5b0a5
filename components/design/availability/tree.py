"""What a service's availability is made of: an expression tree that is plain data.

A tree says which parts stand in series, which are redundant, what they share, what a failover or a bad
deploy costs. It holds no arithmetic (that is `model`) and reads the same in JSON:
camelCase, each node with its `kind`.

>>> Serial("portal", (Part("load-balancer", 0.9999), Part("db", 0.9995), Soft(Part("redis", 0.999))))

Availabilities and beta factors are ratios from 0 to 1, percents are 0 to 100, times carry their unit in
the name. A value outside its range is a ValueError that names the node, the field and the value.

The parts of a tree fail independently but for what is stated: `beta` is the fraction of an outage that
redundant parts share (the beta-factor model of NUREG/CR-5485, IEC 61508-6 annex D). Its default is 0.10,
the customary value for redundant parts of the same make, software and surroundings
(https://fta-studio.pages.dev/glossary/beta-factor-ccf): two zones of 99.9 % are then 99.99 %, which is
what Google publishes for them, and never 99.9999 %.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

import msgspec

from catalog.document import Origin

BETA = 0.10
COVERAGE = 0.90
"""The share of a soft dependency's outages that the service is taken to survive, where nobody declares it. A
degraded mode is code that seldom runs: https://sre.google/sre-book/addressing-cascading-failures/ tells of it
as a path that often doesn't work. That it is 90 % is our assumption, not a published figure."""

MINUTES_PER_DAY = 1440.0
SECONDS_PER_YEAR = 365.25 * 86400.0


class _Node(
    msgspec.Struct, frozen=True, rename="camel", tag_field="kind", tag=lambda name: name[0].lower() + name[1:]
):
    """Base of all nodes: immutable, camelCase in JSON, told apart by `kind`."""


class Part(_Node, frozen=True):
    """A leaf that is up with probability `availability`.

    `low` and `high` bound it where more than one figure is known; left out, they are the point itself.
    `source` says where the figure is from, `origin` which element of the catalog the part stands for."""

    name: str
    availability: float
    source: str | None = None
    origin: Origin | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        _check_bounds(self.name, self.low, self.availability, self.high)


class Serial(_Node, frozen=True):
    """All of `parts` are needed. A `Soft` among them is not."""

    name: str
    parts: "tuple[Node, ...]"

    def __post_init__(self) -> None:
        _check(bool(self.parts), self.name, "parts", self.parts, "not be empty")


class Parallel(_Node, frozen=True):
    """Any one of `parts` is enough.

    Each part keeps its own unavailability; of the best part's, the fraction `beta` strikes all of them
    at once. So a redundant part never makes things worse, and `beta` 1 means that it is of no use."""

    name: str
    parts: "tuple[Node, ...]"
    beta: float = BETA
    source: str | None = None
    origin: Origin | None = None

    def __post_init__(self) -> None:
        _check(bool(self.parts), self.name, "parts", self.parts, "not be empty")
        _check_ratio(self.name, "beta", self.beta)
        for part in self.parts:
            _check(any(hard_leaves(part)), self.name, "parts", part.name, "hold a part that can fail")


class KOfN(_Node, frozen=True):
    """`k` of `n` equal members are enough. `low` and `high` bound a member's availability."""

    name: str
    k: int
    n: int
    availability: float
    beta: float = BETA
    source: str | None = None
    origin: Origin | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        _check(1 <= self.k <= self.n, self.name, "k", self.k, f"be between 1 and n, which is {self.n}")
        _check_bounds(self.name, self.low, self.availability, self.high)
        _check_ratio(self.name, "beta", self.beta)


class Spread(_Node, frozen=True):
    """Replicas over zones: `needed` of them are enough, and a zone takes all its replicas with it.

    `replicas_per_zone` has one entry a zone. `zone_availability` (bounded by `low` and `high`) covers all
    that strikes a zone, its machines too; `replica_availability` is what single replicas add on top.
    `beta` is shared by the zones, as all of one region are."""

    name: str
    needed: int
    replicas_per_zone: tuple[int, ...]
    zone_availability: float
    replica_availability: float = 1.0
    beta: float = BETA
    source: str | None = None
    origin: Origin | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        for replicas in self.replicas_per_zone:
            _check(replicas >= 0, self.name, "replicas per zone", replicas, "not be negative")
        total = sum(self.replicas_per_zone)
        _check(
            1 <= self.needed <= total,
            self.name,
            "needed",
            self.needed,
            f"be between 1 and the {total} replicas there are",
        )
        _check_bounds(self.name, self.low, self.zone_availability, self.high)
        _check_ratio(self.name, "replica availability", self.replica_availability)
        _check_ratio(self.name, "beta", self.beta)


class Failover(_Node, frozen=True):
    """Interruptions of a known length: a standby that takes over, a planned restart.

    Costs `failures_per_year` x `failover_seconds`, at most all the time. It stands in series with what
    fails over. A published SLA already covers the failovers behind it: use one or the other, or the
    downtime counts twice."""

    name: str
    failures_per_year: float
    failover_seconds: float
    source: str | None = None
    origin: Origin | None = None

    def __post_init__(self) -> None:
        _check_amount(self.name, "failures per year", self.failures_per_year)
        _check_amount(self.name, "failover seconds", self.failover_seconds)


class Deploys(_Node, frozen=True):
    """What bad deploys cost: deploys x failed fraction x fraction of users struck x time to restore.

    Deploy frequency, change failure rate and time to restore are DORA's
    (https://dora.dev/guides/dora-metrics/); `blast_percent` is the share of traffic that meets the bad
    version before it is turned back, as a canary bounds it. Users who are not struck are served: this is
    availability by requests. One bad deploy is restored after the other; more of them than the window has
    time for are as bad as always broken."""

    name: str
    deploys_per_window: float
    change_failure_percent: float
    blast_percent: float
    restore_minutes: float
    window_days: float = 28.0
    source: str | None = None
    origin: Origin | None = None

    def __post_init__(self) -> None:
        _check_amount(self.name, "deploys per window", self.deploys_per_window)
        _check_amount(self.name, "restore minutes", self.restore_minutes)
        _check_percent(self.name, "change failure percent", self.change_failure_percent)
        _check_percent(self.name, "blast percent", self.blast_percent)
        _check(
            0.0 < self.window_days < float("inf"), self.name, "window days", self.window_days, "be above 0"
        )


class Soft(_Node, frozen=True):
    """A dependency whose outage the service survives in a degraded mode, where that works.

    `coverage` is the share of its outages in which it does (the coverage factor of fault-tolerant systems,
    https://doi.org/10.1145/800196.805970): 1 costs no availability, 0 is a hard dependency."""

    dependency: "Node"
    coverage: float = COVERAGE

    def __post_init__(self) -> None:
        _check_ratio(self.name, "coverage", self.coverage)

    @property
    def name(self) -> str:
        """The name of what it depends on."""
        return self.dependency.name


Node: TypeAlias = Part | Serial | Parallel | KOfN | Spread | Failover | Deploys | Soft
Leaf: TypeAlias = Part | KOfN | Spread | Failover | Deploys


def hard_leaves(node: Node) -> Iterator[Leaf]:
    """The leaves whose failure counts, in the tree's order: all that are not behind a `Soft`."""
    match node:
        case Serial() | Parallel():
            for part in node.parts:
                yield from hard_leaves(part)
        case Soft():
            return
        case _:
            yield node


def soft_dependencies(node: Node) -> Iterator[Node]:
    """What stands behind each `Soft`, in the tree's order, also below another one."""
    match node:
        case Serial() | Parallel():
            for part in node.parts:
                yield from soft_dependencies(part)
        case Soft():
            yield node.dependency
            yield from soft_dependencies(node.dependency)
        case _:
            return


def refuse_repeated(node: Node) -> None:
    """Raises ValueError if a leaf's name stands twice in the tree: one thing in two places would be
    reckoned as two that fail independently."""
    leaves = [leaf.name for tree in (node, *soft_dependencies(node)) for leaf in hard_leaves(tree)]
    for earlier, later in pairwise(sorted(leaves)):
        if earlier == later:
            raise ValueError(
                f"{node.name}: the part {later} stands twice, which would count it as two independent ones. "
                "Put it in series once, outside of both places, or give different parts different names."
            )


def _check(holds: bool, name: str, field: str, value: object, must: str) -> None:
    if not holds:
        raise ValueError(f"{name}: {field} is {value}, but must {must}.")


def _check_ratio(name: str, field: str, value: float) -> None:
    _check(0.0 <= value <= 1.0, name, field, value, "be between 0 and 1")


def _check_percent(name: str, field: str, value: float) -> None:
    _check(0.0 <= value <= 100.0, name, field, value, "be between 0 and 100")


def _check_amount(name: str, field: str, value: float) -> None:
    _check(0.0 <= value < float("inf"), name, field, value, "be a finite number, 0 or above")


def _check_bounds(name: str, low: float | None, point: float, high: float | None) -> None:
    _check_ratio(name, "availability", point)
    if low is not None:
        _check(0.0 <= low <= point, name, "low", low, f"be between 0 and the availability, {point}")
    if high is not None:
        _check(point <= high <= 1.0, name, "high", high, f"be between the availability, {point}, and 1")
