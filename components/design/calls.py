"""Whom a service may call: the other services, addresses, stores and hosts to which a way is open."""

import msgspec

from components.design.element import Element


class ServiceCall(Element, frozen=True):
    """The copies of another service's `workload` in the same cluster, in its `namespace`, at their `port`.
    `address` is host and port of them all, `url` says what is spoken there as well. The dependency's name is
    `name`."""

    namespace: str
    workload: str
    port: int
    address: str
    url: str


class AddressCall(Element, frozen=True):
    """An address at which something is called that is neither a vendor nor a service: the `port`, over TCP,
    of a `host`, or of the address that is all of `range`. `address` is what callers are told of it, None
    where it stands for many names. The dependency's name is `name`."""

    host: str | None
    range: str | None
    port: int
    address: str | None


class StorePorts(msgspec.Struct, frozen=True, rename="camel"):
    """The `ports` at which stores are reached `within` a range."""

    within: str
    ports: list[int]


class WorkloadEgress(Element, frozen=True):
    """What the pods of a workload, by its name, may call because of stores that not all reach: ports of the
    ranges that those are in, and over HTTPS `hosts`."""

    stores: list[StorePorts]
    hosts: list[str]


class Egress(Element, frozen=True):
    """Outgoing calls leave from reserved addresses that vendors can allow-list. They go over HTTPS to `hosts`
    (`*.example.com` is every name one level below example.com), and to anybody while dependencies are
    `unnamed`: those whose hosts the catalog doesn't say. Those to `services` stay in the cluster, and those
    `elsewhere` go to single ports. Managed `stores` are reached in their ranges. `own` are the ways that only
    single workloads have."""

    addresses: list[str]
    allow_listed_by: list[str]
    hosts: list[str]
    unnamed: list[str]
    services: list[ServiceCall]
    elsewhere: list[AddressCall]
    stores: list[StorePorts]
    own: list[WorkloadEgress]
