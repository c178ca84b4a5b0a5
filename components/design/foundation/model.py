"""The design of what all services of an environment share: decided but not yet made.

Frozen values, in JSON camelCase. `name` says what an element is, `resource` what it is called in the
cloud; every element carries its `origin` in the environment's file.
"""

import msgspec

from components.design.edge_model import SharedPolicyDesign
from components.design.element import Element


class Shared(Element, frozen=True):
    """An element with a name in the cloud."""

    resource: str


class Range(msgspec.Struct, frozen=True, rename="camel"):
    """A named address range."""

    name: str
    cidr: str


class Subnet(Shared, frozen=True):
    """Where nodes live. `pods` and `services` are its secondary ranges; `flow_log_share` of all flows (0 to
    1) is logged."""

    region: str
    cidr: str
    pods: Range
    services: Range
    flow_log_share: float


class NetworkDesign(Shared, frozen=True):
    """The private network of the environment."""

    subnet: Subnet
    protected: bool


class PrivateAccessDesign(Shared, frozen=True):
    """The range that managed stores take their private addresses from."""

    address: str
    prefix_length: int
    protected: bool


class ConnectionPolicyDesign(Shared, frozen=True):
    """That stores of `service_class` may get endpoints among the nodes' addresses, in the region."""

    region: str
    service_class: str
    protected: bool


class NatDesign(Shared, frozen=True):
    """How nodes without a public address call out: through `addresses`, which vendors allow-list.

    Each node has `least_ports` source ports and may grow to `most_ports`; both are powers of two."""

    router: str
    region: str
    addresses: list[str]
    least_ports: int
    most_ports: int
    protected: bool


class FirewallRule(Shared, frozen=True):
    """One rule for incoming traffic. `ports` of TCP; empty with `action` deny is everything.

    `targets` is `nodes` or `all`; a smaller `priority` wins."""

    priority: int
    action: str
    sources: list[str]
    ports: list[str]
    targets: str
    description: str


class FirewallDesign(Shared, frozen=True):
    """The rules of the network, the strongest first."""

    rules: list[FirewallRule]


class Grant(msgspec.Struct, frozen=True, rename="camel"):
    """A role in a project."""

    role: str
    project: str


class NodeAccountDesign(Shared, frozen=True):
    """The identity of nodes; pods have their own. `project` is where it lives."""

    project: str
    grants: list[Grant]


class MaintenanceWindow(msgspec.Struct, frozen=True, rename="camel"):
    """When upgrades may happen: the first time as RFC 3339, and how it recurs (RFC 5545)."""

    start: str
    end: str
    recurrence: str


class SecretsKeyDesign(Shared, frozen=True):
    """The key that a cluster's secrets are encrypted with before they reach its database: the key ring
    `resource` of a region, its `key`, and how often that is made anew, in days."""

    region: str
    key: str
    rotation_days: int
    project: str


class NodePoolDesign(Shared, frozen=True):
    """Nodes of one kind in every zone. `most_nodes` may exist at once, an upgrade's extra ones included;
    `room_for_nodes` is what the address ranges allow, by the field of the network."""

    region: str
    zones: list[str]
    machine_type: str
    disk_gb: int
    pods_per_node: int
    least_per_zone: int
    most_per_zone: int
    max_surge: int
    max_unavailable: int
    most_nodes: int
    room_for_nodes: dict[str, int]


class ClusterDesign(Shared, frozen=True):
    """The regional cluster. `operators` may reach its control plane by address, and everybody whom IAM lets
    by its DNS name; its only other endpoint is private when `has_private_endpoint_only`. `workload_pool` is
    the namespace of the identities of pods."""

    region: str
    zones: list[str]
    control_plane: str
    operators: list[Range]
    has_private_endpoint_only: bool
    release_channel: str
    maintenance: MaintenanceWindow
    workload_pool: str
    log_components: list[str]
    metric_components: list[str]
    nodes: NodePoolDesign
    protected: bool


class QueueMetricsDesign(Shared, frozen=True):
    """What tells the cluster's autoscalers how many messages wait: so many `copies` of `image`, in
    `namespace`, as the account `account_id` of the project, which may read its metrics."""

    image: str
    namespace: str
    project: str
    account_id: str
    copies: int
    zones: list[str]


class RolloutsDesign(Shared, frozen=True):
    """The controller that brings new versions step by step: so many `copies` of `image`, of which one works
    at a time, in `namespace`."""

    image: str
    namespace: str
    copies: int


class ImagePolicyDesign(Shared, frozen=True):
    """Only images that match one of `patterns` may run: those of the environment's registries, Google's Auth
    Proxy, and what the cluster itself runs."""

    patterns: list[str]


class DelegatedZone(msgspec.Struct, frozen=True, rename="camel"):
    """A zone below that others answer for: `name_servers` (without a final dot), and the `ds` records that
    vouch for its signatures."""

    domain: str
    name_servers: list[str]
    ds: list[str]


class RecordCheck(msgspec.Struct, frozen=True, rename="camel"):
    """A health check called `resource` of the addresses of a record: every `interval_seconds` from each of
    the `regions`, as `host`."""

    resource: str
    protocol: str
    host: str
    port: int
    path: str
    interval_seconds: int
    regions: list[str]


class ZoneRecord(Element, frozen=True):
    """All values of one type at a name, which is whole and has no final dot; the values are as in a zone
    file. `why` it is there.

    Where there are `weights`, each value is the answer for its share of those who ask. `backup` is the answer
    of those in `region` and of all others while none of the values is healthy, as the `check` tells."""

    type: str
    ttl_seconds: int
    values: list[str]
    weights: list[int]
    backup: list[str]
    region: str
    check: RecordCheck | None
    why: str


class DnsZoneDesign(Shared, frozen=True):
    """The public zone of the environment. `domain` has no final dot; `delegates` are the zones of the
    environments below, `records` what stands there beside what services bring."""

    domain: str
    is_signed: bool
    ttl_seconds: int
    delegates: list[DelegatedZone]
    records: list[ZoneRecord]
    protected: bool


class AuditDesign(Shared, frozen=True):
    """Who did what: the kinds of entries that are logged, and the bucket (`resource`) that keeps them.

    Nobody can delete or change an entry for `retention_days`, and nobody can ever lessen those when the
    bucket `is_locked`; an entry is gone after `deleted_after_days`."""

    project: str
    region: str
    kinds: list[str]
    sink: str
    filter: str
    retention_days: int
    is_locked: bool
    cold_after_days: int
    deleted_after_days: int
    protected: bool


class FoundationDesign(Element, frozen=True):
    """All that the services of an environment share; `edge` are the firewall policies."""

    purpose: str
    protected: bool
    project: str
    region: str
    zones: list[str]
    labels: dict[str, str]
    network: NetworkDesign
    private_access: PrivateAccessDesign
    connection_policy: ConnectionPolicyDesign
    nat: NatDesign
    firewall: FirewallDesign
    node_account: NodeAccountDesign
    secrets_key: SecretsKeyDesign
    cluster: ClusterDesign
    queue_metrics: QueueMetricsDesign | None
    rollouts: RolloutsDesign | None
    image_policy: ImagePolicyDesign
    dns_zone: DnsZoneDesign
    edge: list[SharedPolicyDesign]
    audit: AuditDesign
