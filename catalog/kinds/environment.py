"""Environments: where services run. A project, a region and its zones, a network, a cluster and sizes."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, ClassVar, Literal

import msgspec

from catalog.checks.capacity import impossible_capacity
from catalog.checks.purposes import understated_purpose
from catalog.checks.ranges import impossible_networks
from catalog.checks.regions import misplaced_environment
from catalog.document import Document, Json
from catalog.domains import nearest_above
from catalog.kind import Claim, Documents, Effective, Fields, ServiceAsWritten
from catalog.place import Place, environment_of
from catalog.problem import Problem, Wrong


class Size(Fields, frozen=True):
    """What a size means in an environment: CPU and memory of a copy, machine tiers, connections, disk and
    memory of stores."""

    name: str
    cpu: float
    memory_mb: int
    postgres_tier: str
    postgres_plus_tier: str
    max_connections: int
    disk_gb: int
    memory_gb: int


class Delegation(Fields, frozen=True):
    """What the zone above says of an environment's zone: its `name_servers`, without a final dot, and the
    `ds` records of the key that signs it (https://docs.cloud.google.com/dns/docs/dnssec-advanced)."""

    name_servers: list[str]
    ds: list[str]


class Dns(Fields, frozen=True):
    """The public zone of the environment, below which services answer. `delegation` is None until somebody
    has written down what nobody knows before there is a zone."""

    domain: str
    dnssec: bool
    ttl_seconds: int
    delegation: Delegation | None


class Network(Fields, frozen=True):
    """Address ranges in CIDR notation: of nodes, pods, cluster services, managed stores, the control plane,
    and of the `operators` who may reach that."""

    nodes: str
    pods: str
    services: str
    stores: str
    control_plane: str
    operators: list[str]


class NodesPerZone(Fields, frozen=True):
    """The least and most nodes of the cluster in each zone."""

    min: int
    max: int


class Cluster(Fields, frozen=True):
    """The regional Kubernetes cluster: the machine type of its nodes, how many, and how soon upgrades
    come. `key_generation` counts the keys that its secrets are encrypted with: their names are never free
    again. `queue_metrics` is the image that tells autoscalers how long queues are, `rollouts` the one that
    brings new versions step by step, None where none does."""

    machine_type: str
    nodes_per_zone: NodesPerZone
    release_channel: str
    key_generation: int
    queue_metrics: str | None
    rollouts: str | None


class AuditLog(Fields, frozen=True):
    """How long it is kept who did what, and whether that can never be lessened."""

    retention_days: int
    locked: bool


class Quota(Fields, frozen=True):
    """The `limit` that a project has of a quota in Compute Engine, as a whole or in the environment's region
    (`scope` is `project` or `region`)."""

    metric: str
    scope: str
    limit: float


class ChangeLock(Fields, frozen=True):
    """Days of every year in which nobody moves users: `from_` the first, `to` the last, month and day."""

    name: str
    from_: str = msgspec.field(name="from")
    to: str


class EnvironmentSpec(Fields, frozen=True):
    """All that an environment's file specifies, with every default filled."""

    purpose: Literal["production", "staging", "development"]
    protected: bool
    project: str
    region: str
    zones: list[str]
    region_reason: str | None
    cost_centre: str
    owner: str
    dns: Dns
    network: Network
    egress_addresses: int
    trusted_proxies: list[str]
    cloud_armor_tier: Literal["standard", "enterprise"]
    employees: list[str]
    image_registries: list[str]
    audit: AuditLog
    quotas: list[Quota]
    cluster: Cluster
    sizes: list[Size]
    change_locks: list[ChangeLock]


class Environment(Effective):
    """An environment with its defaults filled in."""

    __slots__ = ()
    spec: EnvironmentSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = EnvironmentSpec
    is_shown_to_rules: ClassVar[bool] = False  # as `input.spec.environment`

    @classmethod
    def computed(cls, spec: Json) -> Json:
        """Production is protected, and its owner pays."""
        return {"protected": spec["purpose"] == "production", "costCentre": spec["owner"]}

    @classmethod
    def filled(cls, written: Json) -> Json:
        """With the audit log locked where the environment is protected, unless it says otherwise."""
        spec = written["spec"]
        protected = spec.get("protected", spec["purpose"] == "production")
        audit = {"locked": protected, **spec.get("audit", {})}
        return super().filled({**written, "spec": {**spec, "audit": audit}})

    @classmethod
    def wrong(cls, written: Json) -> Iterable[Wrong]:
        """A region, zones and a project that there can't be, ranges that are none or overlap, impossible
        machines, and a purpose below what its name and project say."""
        return chain(
            impossible_networks(written),
            misplaced_environment(written),
            impossible_capacity(written),
            understated_purpose(written),
        )

    @classmethod
    def claims(cls, document: Document, catalog: Documents) -> Iterator[Claim]:
        """Its project and its domain."""
        spec, by = document.data["spec"], document.name
        yield Claim("catalog/unique-project", "The project", spec["project"], ("spec", "project"), by)
        domain = spec["dns"]["domain"]
        yield Claim("catalog/unique-domain", "The domain", domain, ("spec", "dns", "domain"), by)

    @classmethod
    def places(cls, document: Document) -> Iterator[Place]:
        """Its foundation is judged in itself."""
        yield document.name

    @classmethod
    def judged(cls, document: Document, place: Place, catalog: Documents) -> Effective | list[Problem]:
        """The environment: all that its foundation is made of."""
        found = catalog.find(Environment, place)
        assert found is not None
        return found

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """The environment that is asked about; of those below, its foundation says how to get there."""
        known = catalog.documents["Environment"]
        document = known.get(environment_of(place))
        if document is None:
            return
        yield document, document.data
        for name in environments_below(document.name, catalog) if service is None else ():
            yield known[name], known[name].data["spec"]["dns"]


def environments_below(name: str, catalog: Documents) -> list[str]:
    """The environments whose zones a usable environment's zone delegates to, by name: those below its
    domain, but for those below another one that is itself below it."""
    domains = {
        each: one.data["spec"]["dns"]["domain"] for each, one in catalog.documents["Environment"].items()
    }

    def above(domain: str) -> str | None:
        return nearest_above(domain, {*domains.values()} - {domain})

    return sorted(each for each, domain in domains.items() if above(domain) == domains[name])
