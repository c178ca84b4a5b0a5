"""Decides how the internet reaches a service: routes, client ranges."""

import math
from collections.abc import Iterator

import msgspec

from catalog.checks.paths import answering
from catalog.document import Origin
from catalog.domains import is_within
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Endpoint, Workload
from catalog.neighbourhood import Neighbourhood
from catalog.place import instance_of
from components.design.edge import access
from components.design.edge.baseline import CLIENT_ADDRESS_HEADERS, baseline, usual_limit
from components.design.edge.core_rules import waf_groups
from components.design.edge.exceptions import exceptions, left_out
from components.design.edge.keys import is_chosen
from components.design.edge.proxies import let_through
from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    GuestJourney,
    HostDesign,
    JourneyDesign,
    Proof,
    RecordElsewhere,
)
from components.design.naming import host_name, resource_name

RATE_PER_REPLICA = 100.0
"""Requests a second for one copy of a workload without a known capacity. All zones get the same figure, so
they fill evenly, whatever it is."""

USUAL_LOG_SHARE = 0.1
"""Of the requests to an endpoint. The figures of a journey come from the load balancer's metrics, which count
all (https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring)."""

BACKEND_PROTOCOLS = {"http": "HTTP", "http2": "H2C", "grpc": "H2C"}
"""gRPC is HTTP/2. The load balancer speaks it without TLS too:
https://cloud.google.com/load-balancing/docs/backend-service#protocol_to_backends."""

MAX_DRAINING_SECONDS = 3600
"""https://cloud.google.com/load-balancing/docs/enabling-connection-draining"""


def endpoints(service: Service) -> list[EndpointDesign]:
    """Every journey with its route, in the owner's order; none where the internet has no way in."""
    if service.spec.edge.exposure == "internal":
        return []
    return [_endpoint(service, index, endpoint) for index, endpoint in enumerate(service.spec.endpoints)]


def journeys(service: Service) -> list[JourneyDesign]:
    """Every way through several endpoints. What nobody says of one is what its steps promise, as if each
    failed for itself: the product."""
    promised = {each.name: each.slo.availability for each in service.spec.endpoints}
    return [
        JourneyDesign(
            name=each.name,
            origin=service.origin("spec", "journeys", index),
            title=each.title,
            steps=each.steps,
            availability=each.availability
            or round(100 * math.prod(promised[step] / 100 for step in each.steps), 3),
        )
        for index, each in enumerate(service.spec.journeys)
    ]


def _endpoint(service: Service, index: int, endpoint: Endpoint) -> EndpointDesign:
    return EndpointDesign(
        name=endpoint.name,
        origin=service.origin("spec", "endpoints", index),
        title=endpoint.title,
        resource=resource_name(service.full_name, endpoint.name),
        workload=endpoint.workload,
        protocol=BACKEND_PROTOCOLS[_behind(service, endpoint).protocol],
        paths=endpoint.paths,
        weight=endpoint.weight,
        slo=endpoint.slo,
        timeout_seconds=endpoint.timeout_seconds,
        draining_seconds=min(endpoint.timeout_seconds + 5, MAX_DRAINING_SECONDS),
        probe=_probe(service, endpoint),
        sensitive=endpoint.sensitive,
        rate_limit=endpoint.rate_limit,
        rate_per_replica=_rate_per_replica(service, endpoint),
        log_share=_log_share(service, endpoint),
    )


def _probe(service: Service, endpoint: Endpoint) -> str | None:
    """The path of an endpoint that may be asked from outside: the one that its owner names, or where its
    workload says that it is ready, if requests for that come to this endpoint at all."""
    ready = _behind(service, endpoint).readiness
    if endpoint.probe is not None or ready.by != "http":
        return endpoint.probe
    journeys = [(each.name, each.paths) for each in service.spec.endpoints]
    return ready.path if answering(ready.path, journeys) == endpoint.name else None


def _log_share(service: Service, endpoint: Endpoint) -> float:
    """All requests where somebody may have to find a single one, or what the firewall would have refused;
    of the rest enough to see what is usual."""
    limit, waf = endpoint.rate_limit, service.spec.edge.waf
    is_previewed = waf.mode == "preview" or (limit is not None and limit.mode == "preview")
    return 1.0 if is_previewed or endpoint.sensitive != "none" else USUAL_LOG_SHARE


def _rate_per_replica(service: Service, endpoint: Endpoint) -> float:
    capacity = _behind(service, endpoint).capacity
    return capacity.per_replica_per_second if capacity is not None else RATE_PER_REPLICA


def _behind(service: Service, endpoint: Endpoint) -> Workload:
    return next(w for w in service.spec.workloads if w.name == endpoint.workload)


def edge(service: Service) -> EdgeDesign | None:
    """The front door, or None for a service without endpoints, or one that only its cluster may call."""
    if not service.spec.endpoints or service.spec.edge.exposure == "internal":
        return None
    written, environment = service.spec.edge, service.environment.spec
    domain = environment.dns.domain
    sources = let_through(environment, written.proxy)
    own = _host(service, written.host, service.origin("spec", "edge"))
    return EdgeDesign(
        **msgspec.structs.asdict(own),
        former=[
            _host(service, host, service.origin("spec", "edge", "formerHosts", index))
            for index, host in enumerate(written.former_hosts)
        ],
        behind=written.behind,
        guests=[],
        entrance=entrance(service),
        domain=domain,
        has_ipv6=not sources or any(":" in source for source in sources),
        catch_all=next((e.name for e in service.spec.endpoints if "/*" in e.paths), None),
        client_address_header=CLIENT_ADDRESS_HEADERS.get(written.proxy),
        exposure=written.exposure,
        groups=written.groups if written.exposure == "employees" else [],
        proxy=written.proxy,
        tls=written.tls,
        hsts_seconds=written.hsts_seconds,
        waf_profile=written.waf.profile,
        waf_mode=written.waf.mode,
        waf_previewed_on=written.waf.previewed_on,
        waf_sensitivity=written.waf.sensitivity,
        waf_groups=waf_groups(written.waf.sensitivity, written.waf.groups),
        waf_regions=access.regions(service),
        waf_blocked=access.blocked(service),
        waf_threat_lists=sorted(written.waf.threat_lists),
        waf_auto_deploy=written.waf.auto_deploy,
        armor_tier=environment.cloud_armor_tier,
        waf_left_out=left_out(service),
        waf_exceptions=exceptions(service),
        sources=sources,
        baseline=baseline(service.environment, service.zone, written.proxy),
    )


BACKEND = "https://www.googleapis.com/compute/v1/projects/{project}/global/backendServices/{name}"
"""https://cloud.google.com/compute/docs/reference/rest/v1/backendServices"""


def guests(service: Service, around: Neighbourhood) -> list[GuestJourney]:
    """The journeys of other services at the host; those of an instance stand alone."""
    if instance_of(service.place) is not None:
        return []
    project = service.environment.spec.project
    return [
        GuestJourney(
            name=f"{name}-{journey}",
            origin=service.origin("spec", "edge", "guests", index),
            service=name,
            paths=paths,
            backend=BACKEND.format(project=project, name=resource_name(name, journey)),
            takes=sorted({owner for path in paths if (owner := _losing(service, path)) is not None}),
        )
        for index, name in enumerate(service.spec.edge.guests)
        for journey, paths in around.service(name).journeys.items()
    ]


def _losing(service: Service, path: str) -> str | None:
    """The journey of a service within whose paths another path lies; what answers all the rest loses nothing
    that it was made for."""
    journeys = [(each.name, [own for own in each.paths if own != "/*"]) for each in service.spec.endpoints]
    return answering(path.removesuffix("*"), journeys)


def _host(service: Service, host: str, origin: Origin) -> HostDesign:
    environment, is_proxied = service.environment.spec, service.spec.edge.proxy != "none"
    return HostDesign(
        name=service.full_name,
        origin=origin,
        host=host,
        record=f"origin.{host}" if is_proxied else host,
        has_own_zone=not is_within(host, environment.dns.domain),
        certificate=host_name(host),
        proof=_proof(service, host),
        ttl_seconds=_ttl(service, host),
        machine_percent=_machine_percent(service, host),
        records_elsewhere=list(_records_elsewhere(service, host)),
    )


def _machine_percent(service: Service, host: str) -> int:
    """All are led to where the service is entered, but for a name on its way."""
    moving = service.spec.edge.moving
    if moving is not None and host in moving.hosts:
        return moving.machine_percent
    return 100 if entrance(service) == "machine" else 0


def _ttl(service: Service, host: str) -> int:
    moving, usual = service.spec.edge.moving, service.environment.spec.dns.ttl_seconds
    is_moving = moving is not None and host in moving.hosts
    return moving.ttl_seconds or usual if is_moving and moving is not None else usual


def _proof(service: Service, host: str) -> Proof:
    """A proxy proves the host too, for the certificate that it shows, by a TXT record of the one name that
    ACME knows: where Google's fixed record, a CNAME, had that name, there could be no other beside it. Google
    has records that are named after the project for that:
    https://cloud.google.com/certificate-manager/docs/domain-authorization and
    https://developers.cloudflare.com/ssl/edge-certificates/changing-dcv-method/methods/delegated-dcv/."""
    resource = host_name(host)
    if service.spec.edge.proxy == "none":
        return Proof(f"_acme-challenge.{host}", "FIXED_RECORD", resource)
    # Another name: a certificate and its authorization can't be changed, and both may be there for a while.
    return Proof(f"_acme-challenge_*.{host}", "PER_PROJECT_RECORD", f"{resource}-own")


def _records_elsewhere(service: Service, host: str) -> Iterator[RecordElsewhere]:
    """Behind a proxy, customers are led to the proxy by a record that only its own zone can hold; and where
    that zone answers for the whole domain, nobody asks the environment's for the rest either
    (https://developers.cloudflare.com/dns/zone-setups/). A host outside of the environment's domain has a
    zone that is nobody's until the domain's owner delegates to it."""
    edge = service.spec.edge
    if edge.proxy != "none":
        origin, whole = f"origin.{host}", "where it answers for the whole domain"
        records: list[tuple[str, str, str | None, str]] = [
            (host, "CNAME", f"{origin}.", "proxied: leads customers to the proxy, and it here"),
            (origin, "A", None, f"{whole}, not proxied: leads the proxy here"),
        ]
        if entrance(service) != "machine":
            why = f"{whole}: proves the host, so that Google makes its certificate"
            records.append((_proof(service, host).record, "CNAME", None, why))
        for name, kind, value, why in records:
            yield RecordElsewhere(name=name, type=kind, value=value, holder=edge.proxy, why=why)
    if not is_within(host, service.environment.spec.dns.domain):
        above = host.partition(".")[2]
        why = "delegates the host to its zone"
        yield RecordElsewhere(name=host, type="NS", value=None, holder=f"the owner of {above}", why=why)


def entrance(service: Service) -> str:
    """`machine` only as long as all that answers runs on machines with public addresses of their own, and no
    name is on its way from there."""
    if service.spec.edge.moving is not None:
        return "load-balancer"
    public = {w.name for w in service.spec.workloads if w.vm is not None and w.vm.public_address}
    return "machine" if all(e.workload in public for e in service.spec.endpoints) else "load-balancer"


def client_per_second(service: Service, workload: str) -> float | None:
    """What one client may send to a workload, in requests a second, by the limits of its journeys: each
    counts by itself, and once for each rule that the proxy's ranges need. None where none is limited; a limit
    whose key a client may change from one request to the next is none."""
    usual = usual_limit(service.zone)
    limits = [each.rate_limit or usual for each in service.spec.endpoints if each.workload == workload]
    held = [limit for limit in limits if limit is not None and not is_chosen(limit.key)]
    found = [limit.requests / limit.per_seconds for limit in held]
    if not found or service.spec.edge.exposure == "internal":
        return None
    sources = let_through(service.environment.spec, service.spec.edge.proxy)
    return round(sum(found) * max(1, math.ceil(len(sources) / access.RANGES_PER_RULE)), 2)
