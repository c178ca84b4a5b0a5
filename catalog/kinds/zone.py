"""What stands in an environment's DNS zone beside what services bring, who may have which names, and what all
services have in front."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

import msgspec

from catalog.checks.absent import absent
from catalog.checks.claims import claims_of_service
from catalog.checks.dns_records import whole, wrong_records
from catalog.checks.dns_services import wrong_beside_services
from catalog.document import Document, Json
from catalog.domains import is_within, nearest_above
from catalog.kind import Claim, Documents, Fields, OfEnvironment, ServiceAsWritten
from catalog.place import Place, environment_of
from catalog.problem import Wrong

LEADS = ("A", "AAAA", "CNAME", "NS")
"""Types by which a name leads somewhere: only one document can say where."""


class HealthCheck(Fields, frozen=True):
    """How Google asks an address whether it answers."""

    protocol: Literal["https", "http", "tcp"]
    port: int
    path: str


class Record(Fields, frozen=True):
    """All values of one type at one name of the zone; `@` is its domain. `why` it is there.

    With `weights` each value is the answer for its share of those who ask; `backup` is the answer while none
    of the values is healthy, as the `health_check` tells."""

    name: str
    type: str
    ttl_seconds: int | None
    values: list[str]
    weights: list[int]
    backup: list[str]
    health_check: HealthCheck | None
    why: str


class NameClaim(Fields, frozen=True):
    """Names that only services of these `teams` may have; `*.pay` is every name below `pay`."""

    names: list[str]
    teams: list[str]


class ZoneWaf(Fields, frozen=True):
    """The least that the firewall of each service in the zone does."""

    sensitivity: int


class ZoneLimit(Fields, frozen=True):
    """How many requests one client may send in a period to a journey without a limit of its own."""

    requests: int
    per_seconds: int
    mode: Literal["preview", "enforce"]
    previewed_on: int | None


class ZoneEdge(Fields, frozen=True):
    """What stands in front of all services of the environment that ask for nothing else."""

    waf: ZoneWaf
    rate_limit: ZoneLimit | None


class ZoneSpec(Fields, frozen=True):
    """All that a zone's file specifies, with every default filled."""

    owner: str
    records: list[Record]
    claims: list[NameClaim]
    edge: ZoneEdge | None


class Zone(OfEnvironment):
    """A zone's records with their defaults filled in. It is called like the environment whose zone it is."""

    __slots__ = ()
    spec: ZoneSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = ZoneSpec
    is_shown_to_rules: ClassVar[bool] = False

    @classmethod
    def wrong(cls, written: Json) -> Iterable[Wrong]:
        """Values that are none, and names that can't be beside each other."""
        return wrong_records(written["spec"].get("records", ()))

    @classmethod
    def claims(cls, document: Document, catalog: Documents) -> Iterator[Claim]:
        """The names that its records lead somewhere, once each, and those of the policies that services
        share: a journey's is its service's name, a hyphen and its own."""
        domain, seen = _domain(document, catalog), set[str]()
        for index, each in enumerate(document.data["spec"].get("records", ())):
            if domain is None or each["type"] not in LEADS or each["name"] in seen:
                continue
            seen.add(each["name"])
            name, at = whole(each["name"], domain), ("spec", "records", index, "name")
            yield Claim("catalog/unique-host", "The host", name, at, f"the zone {document.name}")
            if each["type"] == "NS":
                what = "The domain"
                yield Claim("catalog/unique-domain", what, name, at, f"the zone {document.name}")
        if "edge" in document.data["spec"]:
            what, by = f"In {document.name}, a journey", f"the zone {document.name}"
            for name in shared_policy_names(document.name).values():
                yield Claim("catalog/unique-resource", what, name, ("spec", "edge"), by)

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """The zone of an environment, which is judged with its foundation; to a service there counts what it
        puts in front of all of them."""
        document = catalog.documents[cls.__name__].get(environment_of(place))
        if document is not None and service is None:
            yield document, document.data
        elif document is not None and "edge" in document.data["spec"]:
            yield document, cls.filled(document.data)["spec"]["edge"]

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """Its environment, its owner and the teams of its claims; names that lead to none of the zone; and
        services that answer at names which are kept for others."""
        spec = document.data["spec"]
        asked: list[tuple[str, str, tuple[Any, ...]]] = [
            ("Environment", document.name, ("metadata", "name")),
            ("Team", spec["owner"], ("spec", "owner")),
        ]
        for index, claim in enumerate(spec.get("claims", ())):
            at = ("spec", "claims", index, "teams")
            asked += [("Team", team, (*at, number)) for number, team in enumerate(claim["teams"])]
        for kind, name, where in asked:
            if name not in catalog.documents[kind]:
                yield absent(catalog, kind, name, where)
        domain = _domain(document, catalog)
        if domain is not None:
            hosts = hosts_within(domain, catalog)
            owners = [(host, one.path, one.data["metadata"]["owner"]) for host, one in hosts]
            domains = (
                str(each.data["spec"]["dns"]["domain"]) for each in catalog.documents["Environment"].values()
            )
            below = [each for each in domains if each != domain and is_within(each, domain)]
            yield from wrong_beside_services(spec, domain, owners, below)


def shared_policy_names(environment: str) -> dict[tuple[str, str], str]:
    """What the firewall policies are called that services of an environment may share, by the proxy that is
    in front and by mode."""
    return {
        (proxy, mode): f"{environment}-edge-{'' if proxy == 'none' else f'{proxy}-'}{mode}"
        for proxy in ("none", "cloudflare")
        for mode in ("preview", "enforce")
    }


def _domain(document: Document, catalog: Documents) -> str | None:
    environment = catalog.documents["Environment"].get(document.name)
    return None if environment is None else str(environment.data["spec"]["dns"]["domain"])


def hosts_within(domain: str, catalog: Documents) -> list[tuple[str, Document]]:
    """The hosts of services in the zone of a domain, each with the service's file: not those in the zone of
    an environment below."""
    environments = catalog.documents["Environment"]
    domains = {name: str(each.data["spec"]["dns"]["domain"]) for name, each in environments.items()}
    return [
        (claim.name, document)
        for document in catalog.documents["Service"].values()
        for claim in claims_of_service(document.data, domains)
        if claim.rule == "catalog/unique-host" and nearest_above(claim.name, {*domains.values()}) == domain
    ]
