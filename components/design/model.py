"""The design of one service in one environment: what is to exist, decided but not yet made.

Frozen values, in JSON camelCase (that is what rules read). Every element carries its `origin`. Percents
are 0 to 100, times have their unit in the name, CPU is in cores.
"""

import msgspec

from catalog.kinds.service_spec import (
    Capacity,
    Degraded,
    Helper,
    Probe,
    Scratch,
    Variable,
)
from components.design.calls import Egress
from components.design.database_proxy import DatabaseProxy
from components.design.edge_model import EdgeDesign, EndpointDesign, JourneyDesign, SecurityPolicyDesign
from components.design.element import Element
from components.design.node import NodeRoom
from components.design.own_fit import OwnFit
from components.design.rollout.model import ProgressiveRollout
from components.design.scaling import QueueTarget
from components.design.scraping import Scrape
from components.design.stores.registry import AnyStoreDesign
from components.design.watching_unit import WatchingUnit


class Account(Element, frozen=True):
    """An identity of its own for a workload; workloads on one machine share that machine's.

    `account_id` is its id, `email` the address that follows from it. `roles` hold for the whole project,
    `databases` are the resources of the instances that it may log in to, without a password, and `caches`
    those that it shows its token."""

    account_id: str
    email: str
    workloads: list[str]
    roles: list[str]
    databases: list[str]
    caches: list[str]


class Machine(Element, frozen=True):
    """The virtual machines of today, all alike, by their `instance_names`. `workloads` and `stores` share
    their fate, workloads also their `account`. The ranges `open_to` reach their `open_ports`; a load
    balancer sends requests to those `asked`. One that is about to go is `protected` no longer."""

    resource: str
    account: str
    protected: bool
    machine_type: str
    instances: int
    instance_names: list[str]
    zone: str
    image: str
    public_address: bool
    open_to: list[str]
    open_ports: list[int]
    asked: list[str]
    workloads: list[str]
    stores: list[str]


class WorkloadDesign(Element, frozen=True):
    """A workload and how it is spread.

    `min_replicas` are spread evenly over `zones`; losing the fullest zone leaves `left_after_zone_loss`;
    `needed_at_peak` is None when the owner gave no capacity. `min_for_peak` is the least `replicas.min` that
    carries the peak without the fullest zone, `max_for_room` the least `replicas.max` that is above it and
    twice what the peak needs; None when its owner can't write such a number. `on_critical_path`: users wait
    for it.
    `group` names the endpoints of a web server's copies in every zone, None for others.
    It may fail `startup_checks` probes in a row, one every `probe_seconds`, before it is given up, and a
    rollout may go `progress_seconds` without one more copy that has been ready for `min_ready_seconds`; the
    engine waits `wait_seconds` for that. Told to stop, it still gets
    requests for `stop_delay_seconds`, then ends what it has begun: `grace_seconds` in all. Some run of a
    schedule that `meets_changed_clocks` never comes, or comes twice, when clocks are put forward or back. A
    failed run of a schedule is tried again `retries` times; one that could not start in time may still start
    within `start_within_seconds`; none begins of one that is `suspended`, nor with an
    image that hasn't come through its `rehearsal`, a command, if it has one. Of a
    `single_leader` there is one copy at any moment, and a new version starts when the old one has ended.
    All `min_replicas` together answer `carries_per_second` requests, None where nobody knows; one client
    alone may send `client_per_second` by the limits of its journeys, None where none is limited.
    More copies come when those use more than `cpu_target_percent` of their CPU, or more waits than
    `queue_target`, None where no queue counts. A new version comes by the steps of `rollout`, None where all
    copies are replaced as soon as new ones are ready.
    `balancer_check` is how a load balancer asks a web server's copies, None for others.
    Whoever collects metrics gets them by `scrape`, None where nobody can.
    It reaches `stores`, and acts as the account with the id `account`. Its pods on Kubernetes reach
    databases through `proxy`, None when they have none."""

    kind: str
    runtime: str
    resource: str
    group: str | None
    image: str | None
    image_owner: str
    command: list[str]
    args: list[str]
    port: int | None
    protocol: str
    cpu: float
    memory_mb: int
    zones: list[str]
    min_replicas: int
    max_replicas: int
    left_after_zone_loss: int
    needed_at_peak: int | None
    min_for_peak: int | None
    max_for_room: int | None
    capacity: Capacity | None
    carries_per_second: float | None
    client_per_second: float | None
    cpu_target_percent: int
    queue_target: QueueTarget | None
    rollout: ProgressiveRollout | None
    max_surge: int
    max_unavailable: int
    stores: list[str]
    connections: int
    readiness: Probe
    liveness: Probe
    balancer_check: str | None
    startup_seconds: int
    startup_checks: int
    probe_seconds: int
    progress_seconds: int
    wait_seconds: int
    min_ready_seconds: int
    shutdown_seconds: int
    stop_delay_seconds: int
    grace_seconds: int
    environment: list[Variable]
    scratch: list[Scratch]
    helpers: list[Helper]
    schedule: str | None
    rehearsal: list[str]
    suspended: bool
    time_zone: str
    meets_changed_clocks: bool
    deadline_seconds: int
    start_within_seconds: int
    retries: int
    single_leader: bool
    on_critical_path: bool
    scrape: Scrape | None
    account: str
    proxy: DatabaseProxy | None


class TableMigration(Element, frozen=True):
    """How tables come into the instance `database`: a Kubernetes job, called `job`, runs `run` once for each
    image and command, as a user with `roles` that says `grants` (SQL) first. `name` is the store's."""

    database: str
    job: str
    run: WorkloadDesign
    roles: list[str]
    grants: str


class BurnAlert(Element, frozen=True):
    """A multi-window burn-rate alert: fires when the bad share exceeds `threshold` over both windows.

    `threshold` = `factor` × (1 − objective), as a ratio. `objective` is a percentage, and `least_objective`
    the lowest whole one with which it can fire. It says nothing with fewer than `minimum_requests` in the
    long window; `most_requests` is what can come in one at all, None when the owner gave no capacity.
    Source: https://sre.google/workbook/alerting-on-slos/ (chapter 5, table 5-8)."""

    endpoint: str
    sli: str
    objective: float
    least_objective: int
    window: str
    short_window: str
    factor: float
    threshold: float
    minimum_requests: int
    most_requests: int | None


class Secret(Element, frozen=True):
    """A holder in Secret Manager, `protected` from being deleted. `readers` are workloads. `store` is the
    store whose password it holds: the program writes that; None: people add its versions."""

    resource: str
    protected: bool
    readers: list[str]
    store: str | None


class DependencyDesign(Element, frozen=True):
    """What the service calls: a vendor, another service, or what answers at addresses. `availability` is a
    percentage: the figure that the vendor publishes, the target of the other service, or the owner's word;
    None where nobody knows. `source` says which. `coverage_percent` is the share of its outages that are
    survived, where `need` is soft. Calls leave the network where it `is_outside`; a vendor is called at
    `hosts`, of which some may stand for all names below one."""

    target: str
    need: str
    coverage_percent: float
    availability: float | None
    source: str
    is_outside: bool
    hosts: list[str]
    timeout_seconds: float | None
    degraded: Degraded | None


class PartShare(Element, frozen=True):
    """One part of the availability: its own percentage, its minutes down in a window, and its share of
    all unavailability, in percent. `source` says where the figure is from."""

    availability: float
    minutes: float
    share: float
    source: str


class AvailabilityDesign(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was promised against what the design can give, in percent and minutes a window.

    `designed` is what the SLAs and declarations behind its parts amount to, no forecast; `low` and `high`
    bound it where sources differ. `ceiling` is what all hard dependencies together allow, `own` what would be
    left if they never failed. Dependencies of which nobody knows a figure are `unknown`, by their names: all
    that is said holds while they are up, and no longer."""

    promised: float
    designed: float
    low: float
    high: float
    window_days: int
    promised_minutes: float
    designed_minutes: float
    ceiling: float
    own: float
    weakest: str
    parts: list[PartShare]
    unknown: list[str]


class Design(Element, frozen=True):
    """The design of one service in one environment: every part that is to exist, and the availability that
    they amount to. `node` is what an empty node there has for pods, None where nobody knows, `own_fit` how
    its copies alone fit the cluster. `unit` watches its environment, None where nothing does. `alert_floor`
    is the number of requests below which its alerts had better say nothing."""

    title: str
    owner: str
    environment: str
    purpose: str
    protected: bool
    project: str
    region: str
    zones: list[str]
    architecture: str
    labels: dict[str, str]
    stores_range: str
    accounts: list[Account]
    machines: list[Machine]
    node: NodeRoom | None
    own_fit: OwnFit | None
    workloads: list[WorkloadDesign]
    stores: list[AnyStoreDesign]
    migrations: list[TableMigration]
    endpoints: list[EndpointDesign]
    journeys: list[JourneyDesign]
    security_policies: list[SecurityPolicyDesign]
    edge: EdgeDesign | None
    egress: Egress
    secrets: list[Secret]
    dependencies: list[DependencyDesign]
    unit: WatchingUnit | None
    alerts: list[BurnAlert]
    alert_floor: int
    availability: AvailabilityDesign
