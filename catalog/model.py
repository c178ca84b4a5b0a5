"""What the catalog's files say, as typed values.

A `Service` is the *effective* service in one environment: what its owner wrote, that environment's
overrides merged in, and every default filled. Field names and units are those of `catalog/schema/`;
percents are 0 to 100, dates are days since 1970-01-01.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from catalog.document import Document, Effective, Json
from catalog.place import Place, full_name, place_of
from catalog.yaml.parsed import Pointer


class Fields(msgspec.Struct, frozen=True, rename="camel", omit_defaults=False):
    """Base of all that follows: immutable, camelCase in JSON."""


class Link(Fields, frozen=True):
    kind: str
    url: str
    title: str | None = None


class Replicas(Fields, frozen=True):
    """What the owner wrote; the design decides what is left out."""

    min: int | None
    max: int | None


class Probe(Fields, frozen=True):
    path: str
    checks: list[str]


class Capacity(Fields, frozen=True):
    peak_per_second: float
    per_replica_per_second: float


class Variable(Fields, frozen=True):
    name: str
    value: str | None = None
    secret: str | None = None


class VirtualMachine(Fields, frozen=True):
    host: str
    machine_type: str
    instances: int
    zone: str
    image: str
    public_address: bool


class Workload(Fields, frozen=True):
    name: str
    kind: Literal["web", "worker", "cron"]
    runtime: Literal["kubernetes", "vm"]
    image: str | None
    image_owner: Literal["spec", "pipeline"]
    command: list[str]
    port: int
    size: str
    cpu: float
    memory_mb: int
    replicas: Replicas
    cpu_target_percent: int
    capacity: Capacity | None
    connections: int
    startup_seconds: int
    shutdown_seconds: int
    readiness: Probe
    liveness: Probe
    environment: list[Variable]
    schedule: str | None
    time_zone: str
    deadline_seconds: int
    single_leader: bool
    idempotency_key: str | None
    vm: VirtualMachine | None


class Backup(Fields, frozen=True):
    enabled: bool
    point_in_time: bool
    retained: int
    log_days: int
    start_hour: int


class Maintenance(Fields, frozen=True):
    day: int
    hour: int


class Store(Fields, frozen=True):
    name: str
    kind: Literal["postgres", "redis"]
    runtime: Literal["managed", "vm"]
    need: Literal["hard", "soft"]
    version: str
    size: str
    availability: Literal["regional", "zonal"]
    edition: Literal["enterprise", "enterprise-plus"]
    tier: str
    access: Literal["private", "public"]
    encryption: Literal["required", "optional"]
    authentication: bool
    max_connections: int
    disk_gb: int
    disk_autoresize: bool
    memory_gb: int
    backup: Backup
    maintenance: Maintenance
    generation: int


class Slo(Fields, frozen=True):
    availability: float
    latency_ms: int
    latency: float


class RateLimit(Fields, frozen=True):
    requests: int
    per_seconds: int
    action: Literal["throttle", "ban"]
    ban_seconds: int
    mode: Literal["preview", "enforce"]
    previewed_on: int | None


class Endpoint(Fields, frozen=True):
    name: str
    title: str
    workload: str
    paths: list[str]
    weight: int
    slo: Slo
    timeout_seconds: int
    sensitive: str
    rate_limit: RateLimit | None


class Tls(Fields, frozen=True):
    minimum: str
    profile: str


class WafException(Fields, frozen=True):
    name: str
    paths: list[str]
    sources: list[str]
    owner: str | None
    reason: str | None
    expires: int | None


class Waf(Fields, frozen=True):
    profile: Literal["baseline", "off"]
    mode: Literal["preview", "enforce"]
    previewed_on: int | None
    sensitivity: int
    exceptions: list[WafException]


class Edge(Fields, frozen=True):
    host: str
    exposure: Literal["public", "employees"]
    proxy: Literal["none", "cloudflare"]
    tls: Tls
    waf: Waf


class Retry(Fields, frozen=True):
    attempts: int
    backoff_seconds: float
    jitter: bool


class CircuitBreaker(Fields, frozen=True):
    error_percent: int
    open_seconds: int


class Degraded(Fields, frozen=True):
    mode: str
    exit: Literal["automatic", "manual"]
    probe_seconds: int


class Dependency(Fields, frozen=True):
    name: str
    vendor: str | None
    service: str | None
    need: Literal["hard", "soft"]
    timeout_seconds: float | None
    retry: Retry | None
    circuit_breaker: CircuitBreaker | None
    degraded: Degraded | None


class Job(Fields, frozen=True):
    name: str
    workload: str
    criticality: Literal["critical", "ordinary"]
    success_percent: float
    max_delay_seconds: int
    billing: bool


class Event(Fields, frozen=True):
    name: str
    title: str
    total: str
    failed: str
    success_percent: float
    minimum: int


class Secret(Fields, frozen=True):
    name: str
    rotated_on: int


class Alerting(Fields, frozen=True):
    """What the owner wrote; the design decides how many requests are enough where that is left out."""

    windows: list[str]
    minimum_requests: int | None


class Rollout(Fields, frozen=True):
    steps: list[int]
    soak_minutes: float
    rollback: Literal["automatic", "manual"]
    restore_minutes: float
    deploys_per_window: float
    change_failure_percent: float


class Availability(Fields, frozen=True):
    target: float
    window_days: int


class Recovery(Fields, frozen=True):
    rto_minutes: int | None
    rpo_minutes: int | None
    restore_tested_on: int | None
    failover_tested_on: int | None


class OnCall(Fields, frozen=True):
    coverage: str


class Skip(Fields, frozen=True):
    criterion: str
    reason: str


class Maturity(Fields, frozen=True):
    skip: list[Skip]


class Metadata(Fields, frozen=True):
    name: str
    title: str
    owner: str
    cost_centre: str
    description: str | None = None
    links: list[Link] = []


class ServiceSpec(Fields, frozen=True):
    tier: Literal["critical", "standard", "internal"]
    stage: Literal["experiment", "beta", "ga"]
    data_class: str | None
    availability: Availability
    recovery: Recovery
    on_call: OnCall
    workloads: list[Workload]
    stores: list[Store]
    endpoints: list[Endpoint]
    edge: Edge
    dependencies: list[Dependency]
    secrets: list[Secret]
    jobs: list[Job]
    events: list[Event]
    alerting: Alerting
    rollout: Rollout
    maturity: Maturity


class Size(Fields, frozen=True):
    name: str
    cpu: float
    memory_mb: int
    postgres_tier: str
    postgres_plus_tier: str
    max_connections: int
    disk_gb: int
    memory_gb: int


class Dns(Fields, frozen=True):
    domain: str
    dnssec: bool
    ttl_seconds: int


class Network(Fields, frozen=True):
    nodes: str
    pods: str
    services: str
    stores: str
    control_plane: str
    operators: list[str]


class NodesPerZone(Fields, frozen=True):
    min: int
    max: int


class Cluster(Fields, frozen=True):
    machine_type: str
    nodes_per_zone: NodesPerZone
    release_channel: str


class EnvironmentSpec(Fields, frozen=True):
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
    image_registries: list[str]
    cluster: Cluster
    sizes: list[Size]


class Service(Effective):
    """A service at one place: `data` is the effective document, `spec` and `metadata` typed."""

    __slots__ = ("environment", "metadata", "place", "spec")

    def __init__(
        self,
        document: Document,
        data: Json,
        sources: Mapping[Pointer, Pointer],
        environment: "Environment",
        place: Place,
    ) -> None:
        super().__init__(document, data, sources)
        self.environment = environment
        self.place = place
        self.metadata = msgspec.convert(data["metadata"], Metadata)
        self.spec = msgspec.convert(data["spec"], ServiceSpec)

    @property
    def full_name(self) -> str:
        """What it is called among all that is in its environment; `name` is that of its file."""
        return full_name(self.name, self.place)


class Environment(Effective):
    """An environment with its defaults filled."""

    __slots__ = ("spec",)

    def __init__(self, document: Document, data: Json) -> None:
        super().__init__(document, data, {})
        self.spec = msgspec.convert(data["spec"], EnvironmentSpec)


class TeamSpec(Fields, frozen=True):
    slack_channel: str
    on_call: "TeamOnCall"
    members: list[str]
    email: str | None


class TeamOnCall(Fields, frozen=True):
    coverage: str
    schedule: str | None
    escalation: list[str]


class Team(Effective):
    """A team with its defaults filled."""

    __slots__ = ("spec",)

    def __init__(self, document: Document, data: Json) -> None:
        super().__init__(document, data, {})
        self.spec = msgspec.convert(data["spec"], TeamSpec)


class VendorSpec(Fields, frozen=True):
    availability: float
    evidence: str
    source: str | None
    status_page: str | None
    hosts: list[str]
    allow_list: bool


class Vendor(Effective):
    """A vendor with its defaults filled."""

    __slots__ = ("spec",)

    def __init__(self, document: Document, data: Json) -> None:
        super().__init__(document, data, {})
        self.spec = msgspec.convert(data["spec"], VendorSpec)


class WaiverSpec(Fields, frozen=True):
    rule: str
    service: str | None
    environment: str
    instance: str | None
    path: str
    reason: str
    owner: str
    ticket: str
    requested_by: str
    approved_by: str
    granted: int
    expires: int


class Waiver(Effective):
    """A waiver with its dates as days since 1970-01-01."""

    __slots__ = ("spec",)

    def __init__(self, document: Document, data: Json) -> None:
        super().__init__(document, data, {})
        self.spec = msgspec.convert(data["spec"], WaiverSpec)

    @property
    def place(self) -> Place:
        """Where it holds: in no other instance of the service."""
        return place_of(self.spec.environment, self.spec.instance)
