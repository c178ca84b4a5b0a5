"""What a service's file says of the way in from the internet, as `service_spec` does of the rest."""

from typing import Literal

from catalog.kind import Fields


class Tls(Fields, frozen=True):
    """The oldest TLS version that clients may use, and the profile of ciphers."""

    minimum: str
    profile: str


class WafException(Fields, frozen=True):
    """Requests that the firewall lets through unexamined: for some paths, from some client ranges, until a
    day."""

    name: str
    paths: list[str]
    sources: list[str]
    owner: str | None
    reason: str | None
    expires: int | None


class LeftOut(Fields, frozen=True):
    """A core rule that the firewall doesn't ask, by its number, until a day."""

    rule: int
    owner: str | None
    reason: str | None
    expires: int | None


class Regions(Fields, frozen=True):
    """Where clients may come from, or where none may: one of the two, as two letters of ISO 3166-1 each."""

    allow: list[str] | None
    deny: list[str] | None


class Blocked(Fields, frozen=True):
    """Client ranges that the firewall refuses, until a day."""

    name: str
    sources: list[str]
    owner: str | None
    reason: str | None
    expires: int | None


class Waf(Fields, frozen=True):
    """The web application firewall in front of the service. In `preview` it only logs what it would
    refuse: what core rules recognise, clients of some `regions` or ranges or of Google's `threat_lists`, and
    where `auto_deploy` is on, what adaptive protection suggests in an attack. `groups` of core rules that
    have a sensitivity of their own, by name: those of the baseline have `sensitivity` otherwise, and others
    aren't asked."""

    profile: Literal["baseline", "off"]
    mode: Literal["preview", "enforce"]
    previewed_on: int | None
    sensitivity: int
    groups: dict[str, int | None]
    regions: Regions | None
    blocked: list[Blocked]
    threat_lists: list[str]
    auto_deploy: bool
    left_out: list[LeftOut]
    exceptions: list[WafException]


class Moving(Fields, frozen=True):
    """Names that are on their way from machines to a front door: `machine_percent` of those who ask are still
    led to the machines, and an answer is kept for `ttl_seconds`, None for as long as the environment says."""

    hosts: list[str]
    machine_percent: int
    ttl_seconds: int | None = None


class Edge(Fields, frozen=True):
    """How the internet reaches the service: its host name, and those that it had before and still answers
    at; who may call (of employees, the members of the Google `groups`; internal: nobody but the cluster), a
    proxy in front, TLS and firewall. Some of the hosts may be `moving`. At the host of another service it is
    `behind` that one's front door; `guests` are those that are behind its own. `evidence` names the preview
    that speaks for enforcing its rules."""

    host: str
    former_hosts: list[str]
    behind: str | None
    guests: list[str]
    moving: Moving | None
    exposure: Literal["public", "employees", "internal"]
    groups: list[str]
    proxy: Literal["none", "cloudflare"]
    tls: Tls
    hsts_seconds: int
    evidence: str | None
    waf: Waf
