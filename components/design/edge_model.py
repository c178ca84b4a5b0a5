"""The way from the internet to a service, as it is decided: hosts, journeys and what guards them."""

import msgspec

from catalog.kinds.service_edge import Tls
from catalog.kinds.service_spec import RateLimit, Slo
from components.design.element import Element


class EndpointDesign(Element, frozen=True):
    """A user journey with a route and a backend of its own, behind a security policy.

    `rate_per_replica` is what the load balancer gives one copy, in requests a second, before it prefers
    another zone. `log_share` of all requests (0 to 1) is logged. `protocol` is what the load balancer speaks
    with the copies, as it calls that. `probe` is the path of it that is safe to ask from outside, None where
    nobody knows one."""

    title: str
    resource: str
    workload: str
    protocol: str
    paths: list[str]
    weight: int
    slo: Slo
    timeout_seconds: int
    draining_seconds: int
    probe: str | None
    sensitive: str
    rate_limit: RateLimit | None
    rate_per_replica: float
    log_share: float


class JourneyDesign(Element, frozen=True):
    """A way of users through several endpoints, its `steps`: it is open while each answers, and has to be so
    for `availability` percent of the time."""

    title: str
    steps: list[str]
    availability: float


class WafException(Element, frozen=True):
    """Requests for `paths` from the client ranges `sources` (none: from anyone) that firewall rules skip.

    It concerns `journeys`; of those that it `swallows`, no request is examined at all. Whenever it holds, so
    does the one that it is `covered_by`; whoever it is for is `refused_by` a list of ranges before. None
    where there is none."""

    paths: list[str]
    sources: list[str]
    journeys: list[str]
    swallows: list[str]
    covered_by: str | None
    refused_by: str | None


class BlockedRanges(Element, frozen=True):
    """Client ranges that the firewall refuses, and the name of another list that has all of them, None where
    there is none."""

    sources: list[str]
    covered_by: str | None


class Regions(msgspec.Struct, frozen=True, rename="camel"):
    """Where clients may come from (`is_allowed`), or where none may, as codes of ISO 3166-1."""

    is_allowed: bool
    codes: list[str]


class LeftOutRule(Element, frozen=True):
    """A core rule that isn't asked, by its number, and the group of the profile that has it: None where none
    does, so that nothing is left out."""

    rule: int
    group: str | None


class KeyPart(msgspec.Struct, frozen=True, rename="camel"):
    """One of the things that together tell clients apart: its `kind`, as Cloud Armor calls that, and of a
    header or a cookie its `name`."""

    kind: str
    name: str | None = None


class RequestRule(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What happens to requests that match `expression`, or that come from `sources` where that is None.

    The expression counts as so many `subexpressions`. `limit` belongs to the actions `throttle` and
    `rate_based_ban`; what differs in any part of `key` is counted apart. `preview` only logs."""

    priority: int
    action: str
    description: str
    expression: str | None = None
    subexpressions: int = 0
    sources: list[str] = []
    preview: bool = False
    limit: RateLimit | None = None
    key: list[KeyPart] = []


class SharedPolicyDesign(Element, frozen=True):
    """A firewall policy that the foundation makes, for all services behind `proxy`, in preview or not, that
    ask for nothing else. It is called `resource`, and `address` is Google's of it."""

    resource: str
    address: str
    proxy: str
    client_address_header: str | None
    rules: list[RequestRule]


class SharedPolicy(msgspec.Struct, frozen=True, rename="camel"):
    """A policy that the foundation makes: its name, Google's address of it, and the SHA-256 of its rules."""

    resource: str
    address: str
    digest: str


class WafGroup(msgspec.Struct, frozen=True, rename="camel"):
    """A group of core rules that is asked, at a sensitivity. Those that `is_baseline` are asked always."""

    name: str
    sensitivity: int
    is_baseline: bool


class ZoneBaseline(msgspec.Struct, frozen=True, rename="camel"):
    """What the environment's zone asks of every service's edge: the firewall's least `sensitivity`, and the
    most that one client may send, where it says that. Whose rules are those of one of the `policies` shares
    it."""

    sensitivity: int
    limit: RateLimit | None
    policies: list[SharedPolicy]


class SecurityPolicyDesign(Element, frozen=True):
    """A firewall policy of the load balancer, in front of all `endpoints` that have the same rules. It is
    called `resource`, after the first of them; where the foundation makes it, `address` is Google's of it and
    it is called after the environment. `digests` are of each endpoint, by its name, that a replay of a log
    knows it by. `exceptions` are those that its rules skip, by name; the
    longest of its expressions has `longest_expression` characters, and none has more than
    `most_subexpressions`."""

    resource: str
    address: str | None
    endpoints: list[str]
    digests: dict[str, str]
    exceptions: list[str]
    rules: list[RequestRule]
    most_subexpressions: int
    longest_expression: int


class RecordElsewhere(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A DNS record that has to exist where pave doesn't write, in the zone of `holder`, and `why`. `value` is
    None where only an apply can tell it, and so is what `*` stands for in `name`; the stack's output of the
    same name says both."""

    name: str
    type: str
    value: str | None
    holder: str
    why: str


class Proof(msgspec.Struct, frozen=True, rename="camel"):
    """How Google gets to believe that a host is ours: by a DNS record called `record`, of the `kind` that
    Certificate Manager's DNS authorizations have. Authorization and certificate are called `resource`."""

    record: str
    kind: str
    resource: str


class HostDesign(Element, frozen=True):
    """A host that the service answers at, whose name is the service's.

    `record` is the name that leads to the load balancer: behind a proxy not `host`, but what the proxy asks.
    Names live in the environment's zone, or in a zone of their own when `host` is outside of that.
    `certificate` is what is called after the host. Of those who ask for the name, `machine_percent` are led
    to machines, and the others to the load balancer."""

    host: str
    record: str
    has_own_zone: bool
    certificate: str
    proof: Proof
    ttl_seconds: int
    machine_percent: int
    records_elsewhere: list[RecordElsewhere]


class GuestJourney(Element, frozen=True):
    """A journey of another service at this host: `backend` is the address of what answers its `paths`, which
    that `service` makes. Requests that it `takes` would be for those of our journeys, by name, if it weren't
    there."""

    service: str
    paths: list[str]
    backend: str
    takes: list[str]


class EdgeDesign(HostDesign, frozen=True):
    """How the internet reaches the service, at its host and its `former` ones.

    `sources` are the only ranges let in; empty is all. Behind a proxy those are the proxy's, and the client's
    own address is in `client_address_header`. `domain` is the environment's, and `armor_tier` that of Cloud
    Armor in its project. `entrance` is `load-balancer`,
    or `machine` while the name still leads to the public addresses of virtual machines. `catch_all` is the
    endpoint that answers what no other does. The host may be another service's, `behind` whose front door
    this one's backends stand; `guests` are the journeys of others behind its own. Where `exposure` is
    `employees`, the members of the Google `groups` may enter, and nobody else."""

    former: list[HostDesign]
    behind: str | None
    guests: list[GuestJourney]
    entrance: str
    domain: str
    has_ipv6: bool
    catch_all: str | None
    client_address_header: str | None
    exposure: str
    groups: list[str]
    proxy: str
    tls: Tls
    waf_profile: str
    waf_mode: str
    waf_previewed_on: int | None
    waf_sensitivity: int
    waf_groups: list[WafGroup]
    hsts_seconds: int
    waf_regions: Regions | None
    waf_blocked: list[BlockedRanges]
    waf_threat_lists: list[str]
    waf_auto_deploy: bool
    armor_tier: str
    waf_left_out: list[LeftOutRule]
    waf_exceptions: list[WafException]
    sources: list[str]
    baseline: ZoneBaseline | None
