"""All records of an environment's zones, whoever brings them: taken from the plans of its stacks, so that
what is shown is what an apply makes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from catalog.document import Origin, pointer_of
from catalog.domains import nearest_above
from catalog.kinds.environment import Environment, environments_below
from catalog.kinds.service import Service, service_at
from catalog.kinds.zone import NameClaim, Zone
from catalog.loader import Catalog
from components.design.edge.edge import edge
from components.design.foundation.dns_zone import dns_zone
from pave.finding import place
from stacks.plan import Plan, PlannedResource, Planner
from stacks.stack import Stack, stacks

RECORD, ZONE = "gcp:dns/recordSet:RecordSet", "gcp:dns/managedZone:ManagedZone"
PROOF = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization"


class HeldRecord(msgspec.Struct, frozen=True, rename="camel"):
    """All values of one type at a whole `name`, without a final dot. `values` are as in a zone file; where
    only an apply can tell one, it is None. With `weights` each is the answer for its share of those who ask,
    and `backup` while none of them is healthy. `why` it is there, in words. `stack` makes it, and None says
    that `holder` has to. `place` is where the catalog asks for it, as file:line."""

    name: str
    type: str
    ttl_seconds: int | None
    values: list[str | None]
    why: str
    zone: str
    stack: str | None
    holder: str | None
    owner: str
    place: str
    weights: list[float] = []
    backup: list[str | None] = []


class HeldZone(msgspec.Struct, frozen=True, rename="camel"):
    """A zone: its `domain`, the `name_servers` that answer for it where the catalog says, whether it is
    signed, the names that are kept for some teams, and its records by name and type."""

    domain: str
    stack: str
    is_signed: bool
    name_servers: list[str]
    claims: list[NameClaim]
    records: list[HeldRecord]


def held_zones(catalog: Catalog, environment: Environment) -> list[HeldZone]:
    """The zones of an environment: its own first, then those of hosts outside its domain."""
    planner = Planner(catalog)
    plans = {stack: planner.plan(stack) for stack in stacks(catalog) if stack.environment == environment.name}
    zone = catalog.find(Zone, environment.name)
    delegation = environment.spec.dns.delegation
    own = environment.spec.dns.domain
    found = {
        domain: HeldZone(
            domain=domain,
            stack=str(stack),
            is_signed=is_signed,
            name_servers=delegation.name_servers if domain == own and delegation is not None else [],
            claims=zone.spec.claims if domain == own and zone is not None else [],
            records=[],
        )
        for stack, plan in plans.items()
        for domain, is_signed in _zones(plan)
    }
    for record in _records(catalog, environment, zone, plans, list(found)):
        if record.zone in found:
            found[record.zone].records.append(record)
    for each in found.values():
        each.records.sort(key=lambda record: (_from_the_top(record.name), record.type, record.stack is None))
    return sorted(found.values(), key=lambda each: (each.domain != own, each.domain))


def _zones(plan: Plan) -> Iterator[tuple[str, bool]]:
    for made in plan.resources:
        if made.type == ZONE:
            signed = made.inputs.get("dnssecConfig", {}).get("state") == "on"
            yield made.inputs["dnsName"].removesuffix("."), signed


def _records(
    catalog: Catalog,
    environment: Environment,
    zone: Zone | None,
    plans: Mapping[Stack, Plan],
    domains: list[str],
) -> Iterator[HeldRecord]:
    said = _said(catalog, environment, zone)
    for stack, plan in plans.items():
        by_urn = {made.urn: made for made in plan.resources}
        service = _service(catalog, stack)
        owner = _owner(environment, zone, service)
        for made in plan.resources:
            if made.type == RECORD:
                yield _made(made, by_urn, stack, owner, domains, catalog, said)
        if service is not None:
            yield from _elsewhere(catalog, service, domains)


def _elsewhere(catalog: Catalog, service: Service, domains: list[str]) -> Iterator[HeldRecord]:
    """What others have to make for a service."""
    front_door = edge(service)
    if front_door is None:
        return
    for each in front_door.records_elsewhere:
        yield HeldRecord(
            name=each.name,
            type=each.type,
            ttl_seconds=None,
            values=[each.value],
            why=f"{each.why[0].upper()}{each.why[1:]}.",
            zone=_zone_of(each.name, domains),
            stack=None,
            holder=each.holder,
            owner=service.metadata.owner,
            place=_place(catalog, front_door.origin),
        )


def _service(catalog: Catalog, stack: Stack) -> Service | None:
    found = None if stack.service is None else service_at(catalog, stack.service, stack.place)
    return found if isinstance(found, Service) else None


def _owner(environment: Environment, zone: Zone | None, service: Service | None) -> str:
    if service is not None:
        return service.metadata.owner
    return environment.spec.owner if zone is None else zone.spec.owner


def _said(
    catalog: Catalog, environment: Environment, zone: Zone | None
) -> Mapping[tuple[str, str], tuple[str, str]]:
    """What the zone's file says of a record, by name and type: why it is there, and where that is said."""
    below = [catalog.find(Environment, name) for name in environments_below(environment.name, catalog)]
    design = dns_zone(environment, [each for each in below if each is not None], zone)
    return {(each.name, each.type): (each.why, _place(catalog, each.origin)) for each in design.records}


def _made(
    made: PlannedResource,
    by_urn: Mapping[str, PlannedResource],
    stack: Stack,
    owner: str,
    domains: list[str],
    catalog: Catalog,
    said: Mapping[tuple[str, str], tuple[str, str]],
) -> HeldRecord:
    name, kind = _name(made.inputs["name"], by_urn), made.inputs["type"]
    answers, backup = _answers(made.inputs)
    where = "" if made.origin is None else _place(catalog, made.origin)
    if stack.is_foundation:
        why, where = said.get((name, kind), (f"Leads to the zone of {name}.", where))
    else:
        why = _leads_to([each for value, _ in answers for each in value], by_urn)
    return HeldRecord(
        name=name,
        type=kind,
        ttl_seconds=int(made.inputs["ttl"]),
        values=[_told(each) for value, _ in answers for each in value],
        why=why,
        zone=_zone_of(name, domains),
        stack=str(stack),
        holder=None,
        owner=owner,
        place=where,
        weights=[weight for value, weight in answers if weight is not None for _ in value],
        backup=[_told(each) for each in backup],
    )


def _told(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _answers(inputs: Mapping[str, Any]) -> tuple[list[tuple[list[Any], float | None]], list[Any]]:
    """What a record answers with, each with its weight where it has one, and its backup."""
    policy = inputs.get("routingPolicy")
    if policy is None:
        return [(inputs["rrdatas"], None)], []
    if "primaryBackup" in policy:
        both = policy["primaryBackup"]
        targets = [geo["healthCheckedTargets"]["externalEndpoints"] for geo in both["backupGeos"]]
        return [(both["primary"]["externalEndpoints"], None)], [each for some in targets for each in some]
    return [
        (each.get("rrdatas") or each["healthCheckedTargets"]["externalEndpoints"], each["weight"])
        for each in policy["wrrs"]
    ], []


def _name(written: Any, by_urn: Mapping[str, PlannedResource]) -> str:
    """A record's name. Google says that of a proof per project when it is made; the star is what it fills
    in."""
    if isinstance(written, str):
        return written.removesuffix(".")
    for made in _sources(written, by_urn):
        if made.type == PROOF:
            return f"_acme-challenge_*.{made.inputs['domain']}"
    return "*"


def _leads_to(values: Iterable[Any], by_urn: Mapping[str, PlannedResource]) -> str:
    for value in values:
        for made in _sources(value, by_urn):
            if made.type == PROOF:
                return f"Proves {made.inputs['domain']}, for its certificate."
            return f"Leads to {made.type.rpartition(':')[2]} {made.name}."
    return "Leads there."


def _sources(value: Any, by_urn: Mapping[str, PlannedResource]) -> Iterator[PlannedResource]:
    """The resources that an unknown value comes from."""
    unknown = [] if isinstance(value, str) else value["$unknown"]
    return (by_urn[urn] for urn in unknown if urn in by_urn)


def _zone_of(name: str, domains: list[str]) -> str:
    return nearest_above(name, domains) or ""


def _place(catalog: Catalog, origin: Origin) -> str:
    document = catalog.file(origin.document)
    mark, _ = document.mark(pointer_of(origin.pointer, document.data))
    return f"{place(catalog.root, origin.document)}:{mark.line}"


def _from_the_top(name: str) -> list[str]:
    """So that names below one follow it."""
    return name.split(".")[::-1]
