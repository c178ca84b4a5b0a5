"""What a service's file says once it is effective, as typed values.

Field names and units are those of `catalog/schema/service.schema.json`, which describes each; percents are 0
to 100, dates are days since 1970-01-01.
"""

from typing import Literal

from catalog.kind import Fields
from catalog.kinds.service_edge import Edge
from catalog.stores.registry import AnyStore


class Link(Fields, frozen=True):
    """A page about the service: a dashboard, a runbook, its logs. `kind` says which."""

    kind: str
    url: str
    title: str | None = None


class Replicas(Fields, frozen=True):
    """What the owner wrote; the design decides what is left out."""

    min: int | None
    max: int | None


class Probe(Fields, frozen=True):
    """How one copy is asked whether it is fine: `by` what, the HTTP path that answers 200, or the command
    that ends with 0; `reason` says why not at all. `checks` are the stores and dependencies that answering
    touches."""

    by: Literal["http", "tcp", "grpc", "command", "none"]
    path: str
    command: list[str]
    reason: str | None
    checks: list[str]


class Requests(Fields, frozen=True):
    """Counters that each copy of a web server keeps: of all requests that it has answered, of those that
    `failed` on our side, and of those that were answered `in_time`, None where it doesn't count that."""

    total: str
    failed: str
    in_time: str | None


class Metrics(Fields, frozen=True):
    """Where a copy tells its metrics: a `port`, None for the workload's own, and an HTTP path. `queue` is
    what takes its jobs, by whose names they are counted, `requests` what counts its requests."""

    port: int | None
    path: str
    queue: str | None
    requests: Requests | None


class Capacity(Fields, frozen=True):
    """Load in requests a second: the busiest that is expected, and what one copy carries."""

    peak_per_second: float
    per_replica_per_second: float


class Variable(Fields, frozen=True):
    """An environment variable of a container: its value, or the name of the secret that holds it."""

    name: str
    value: str | None = None
    secret: str | None = None


class Scratch(Fields, frozen=True):
    """A folder that a copy may write to, on the node's disk."""

    path: str
    size_mb: int


class Helper(Fields, frozen=True):
    """A container in every copy of a workload: one that ends `before` the workload starts, or runs `beside`
    it."""

    name: str
    kind: Literal["before", "beside"]
    image: str | None
    command: list[str]
    args: list[str]
    cpu: float
    memory_mb: int


class VirtualMachine(Fields, frozen=True):
    """The virtual machines that a `runtime: vm` workload runs on today. `host` names the machine;
    workloads that name the same one share it. One that is `leaving` is protected no longer."""

    host: str
    machine_type: str
    instances: int
    zone: str
    image: str
    public_address: bool
    leaving: bool


class QueueTarget(Fields, frozen=True):
    """How many `messages` of a `queue`, a store by its name, may wait for each copy of who takes them."""

    queue: str
    messages: int


class Workload(Fields, frozen=True):
    """One program of the service, and how it is run: a `web` server, a `worker` on a queue, or a `cron` job.
    It reaches `stores`, by their names, and no others.

    `single_leader`: only one copy runs at any moment. `idempotency_key`: what makes running it twice
    harmless. No run begins of one that is `suspended`; a new image of
    one with a `rehearsal` is tried by that command first."""

    name: str
    kind: Literal["web", "worker", "cron"]
    runtime: Literal["kubernetes", "vm"]
    image: str | None
    image_owner: Literal["spec", "pipeline"]
    command: list[str]
    args: list[str]
    port: int | None
    protocol: Literal["http", "http2", "grpc"]
    size: str
    cpu: float
    memory_mb: int
    replicas: Replicas
    cpu_target_percent: int
    queue_target: QueueTarget | None
    capacity: Capacity | None
    stores: list[str]
    connections: int
    startup_seconds: int
    shutdown_seconds: int
    readiness: Probe
    liveness: Probe
    metrics: Metrics | None
    environment: list[Variable]
    scratch: list[Scratch]
    helpers: list[Helper]
    schedule: str | None
    rehearsal: list[str]
    suspended: bool
    time_zone: str
    deadline_seconds: int
    single_leader: bool
    idempotency_key: str | None
    vm: VirtualMachine | None


class Slo(Fields, frozen=True):
    """What a journey promises: percent of requests that succeed, and percent that take at most
    `latency_ms`."""

    availability: float
    latency_ms: int
    latency: float


class LimitKey(Fields, frozen=True):
    """What tells one client from another: all of it together, at most three things."""

    by: list[Literal["address", "path", "region", "ja4"]]
    header: str | None
    cookie: str | None


class RateLimit(Fields, frozen=True):
    """How many requests one client may send in a period, and what happens to the rest. In `preview` the
    excess is only logged. Without a `key` a client is an address."""

    requests: int
    per_seconds: int
    action: Literal["throttle", "ban"]
    ban_seconds: int
    mode: Literal["preview", "enforce"]
    previewed_on: int | None
    key: LimitKey | None = None


class Endpoint(Fields, frozen=True):
    """A user journey, its routes and promises. `probe` is the path of it that outsiders may ask, if any."""

    name: str
    title: str
    workload: str
    paths: list[str]
    weight: int
    slo: Slo
    timeout_seconds: int
    sensitive: str
    rate_limit: RateLimit | None
    probe: str | None = None


class Journey(Fields, frozen=True):
    """A way through several endpoints, the `steps`. `availability` in percent, None for what they promise
    together."""

    name: str
    title: str
    steps: list[str]
    availability: float | None = None


class Retry(Fields, frozen=True):
    """How a failed call is tried again."""

    attempts: int
    backoff_seconds: float
    jitter: bool


class CircuitBreaker(Fields, frozen=True):
    """When calls to a failing dependency stop for a while."""

    error_percent: int
    open_seconds: int


class Degraded(Fields, frozen=True):
    """How the service goes on without a dependency, and how that mode ends."""

    mode: str
    exit: Literal["automatic", "manual"]
    probe_seconds: int


class Dependency(Fields, frozen=True):
    """Something the service calls and does not own: a vendor, another service, of which it may say the
    `workload` that it calls, or what answers at `addresses` (host:port), by its own word with `tls`, on
    `private` networks only, and `availability` percent of the time. `need` is `hard` when the service is down
    without it; where it is `soft`, `coverage_percent` of its outages are survived."""

    name: str
    vendor: str | None
    service: str | None
    workload: str | None
    addresses: list[str] | None
    tls: bool | None
    private: bool | None
    availability: float | None
    need: Literal["hard", "soft"]
    coverage_percent: float
    timeout_seconds: float | None
    retry: Retry | None
    circuit_breaker: CircuitBreaker | None
    degraded: Degraded | None


class Job(Fields, frozen=True):
    """A kind of background job to alert on: the share of runs that must succeed, and the longest wait in the
    queue."""

    name: str
    workload: str
    criticality: Literal["critical", "ordinary"]
    success_percent: float
    max_delay_seconds: int
    billing: bool


class Event(Fields, frozen=True):
    """A business event to alert on, measured by counters: all attempts, those that failed on our side, and
    those that were `declined` by customers' banks. `unmatched` are gauges of what should have followed and
    hasn't. While the `dependency` is out, that alone is told of."""

    name: str
    title: str
    total: str | None
    failed: str | None
    declined: str | None
    unmatched: list[str]
    success_percent: float
    minimum: int
    dependency: str | None = None


class Secret(Fields, frozen=True):
    """When the value behind a secret's name was last changed. To change a `session-key` ends the sessions of
    all users, so nobody asks for that regularly."""

    name: str
    kind: Literal["credential", "session-key"]
    rotated_on: int


class Traffic(Fields, frozen=True):
    """The hours of the day, in UTC, in which most requests come; none when nobody has said it."""

    peak_hours: list[int]


class Alerting(Fields, frozen=True):
    """What the owner wrote; the design decides how many requests are enough where that is left out."""

    windows: list[str]
    minimum_requests: int | None


class Rollout(Fields, frozen=True):
    """How a new version reaches users: the share of traffic at each step, the wait between steps, and who
    turns a bad version back. Deploys and failures are counted per availability window."""

    steps: list[int]
    soak_minutes: float
    rollback: Literal["automatic", "manual"]
    restore_minutes: float
    deploys_per_window: float
    change_failure_percent: float


class Availability(Fields, frozen=True):
    """The promise: percent of requests, or minutes, that are good in a rolling window."""

    target: float
    window_days: int


class Recovery(Fields, frozen=True):
    """Objectives for a disaster (RTO, RPO, in minutes) that takes no more than a zone or all of the region,
    the days on which restore and failover were last tested, and the minutes that the restore took."""

    scope: Literal["zone", "region"]
    rto_minutes: int | None
    rpo_minutes: int | None
    restore_minutes: int | None
    restore_tested_on: int | None
    failover_tested_on: int | None


class OnCall(Fields, frozen=True):
    """When somebody answers a page."""

    coverage: str


class Skip(Fields, frozen=True):
    """A criterion of the maturity model that the owner skips, and why."""

    criterion: str
    reason: str


class Maturity(Fields, frozen=True):
    """What the owner says to the service maturity model."""

    skip: list[Skip]


class Metadata(Fields, frozen=True):
    """Who and what the service is."""

    name: str
    title: str
    owner: str
    cost_centre: str
    description: str | None
    links: list[Link]


class ServiceSpec(Fields, frozen=True):
    """All that a service's file specifies, effective: overrides merged in, every default filled."""

    tier: Literal["critical", "standard", "internal"]
    stage: Literal["experiment", "beta", "ga"]
    data_class: str | None
    availability: Availability
    recovery: Recovery
    on_call: OnCall
    workloads: list[Workload]
    stores: list[AnyStore]
    endpoints: list[Endpoint]
    journeys: list[Journey]
    edge: Edge
    dependencies: list[Dependency]
    secrets: list[Secret]
    jobs: list[Job]
    events: list[Event]
    traffic: Traffic
    alerting: Alerting
    rollout: Rollout
    maturity: Maturity
