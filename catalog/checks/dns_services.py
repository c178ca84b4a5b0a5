"""What is wrong with the records of a zone beside the services that answer in it."""

from collections.abc import Iterator, Sequence

from catalog.checks.dns_records import NAMED, whole
from catalog.document import Json
from catalog.domains import closest_encloser, is_within, names_above, nearest_above, there
from catalog.problem import Wrong

Host = tuple[str, str, str]
"""A host in the zone, the file of the service that answers there, and the team that owns it."""

ISSUER = "pki.goog"
"""Who issues the certificates of load balancers, in the words of a CAA record: https://pki.goog/faq/#caa."""


def wrong_beside_services(
    spec: Json, domain: str, hosts: Sequence[Host], below: Sequence[str]
) -> Iterator[Wrong]:
    """Names that lead to none of the zone, or that nobody asks for there; services at names which are kept
    for others, and authorities that leave services without a certificate. `below` are the domains of the
    environments below, to whose zones this one leads."""
    yield from _never_asked(spec, domain, below)
    yield from _leading_nowhere(spec, domain, {host for host, _, _ in hosts})
    yield from _taken(spec, domain, hosts)
    yield from _uncertified(spec, domain, hosts)


def _never_asked(spec: Json, domain: str, below: Sequence[str]) -> Iterator[Wrong]:
    for index, each in enumerate(spec.get("records", ())):
        name, where = whole(each["name"], domain), ("spec", "records", index, "name")
        if is_within(each["name"], domain):
            what = f"`{each['name']}` is within the zone already, and would be `{name}`."
            own = each["name"].removesuffix(domain).removesuffix(".") or "@"
            yield where, "catalog/dns-name", what, f"Write `{own}`."
        zone = nearest_above(name, below)
        if zone is not None:
            what = f"`{each['name']}` is never asked for here: {zone} is a zone of its own."
            yield where, "catalog/dns-name", what, f"Write it into the zone of {zone}."


def _leading_nowhere(spec: Json, domain: str, hosts: set[str]) -> Iterator[Wrong]:
    records = spec.get("records", ())
    known = {whole(each["name"], domain) for each in records} | hosts
    names = there(known, domain)
    delegated = {whole(each["name"], domain) for each in records if each["type"] == "NS"}
    aliases = {whole(each["name"], domain) for each in records if each["type"] == "CNAME"}
    for index, each in enumerate(records):
        at = NAMED.get(each["type"])
        for number, value in enumerate(each["values"] if at is not None else ()):
            target = value.split()[at].removesuffix(".").lower()
            where = ("spec", "records", index, "values", number)
            if target in aliases and each["type"] in ("MX", "NS", "SRV"):
                what = f"{each['type']} leads to {target}, which is an alias (RFC 2181, section 10.3)."
                yield where, "catalog/dns-target", what, "Name the host that the alias leads to."
            is_here = is_within(target, domain)
            is_below = any(is_within(target, name) for name in delegated)
            is_covered = f"*.{closest_encloser(target, names, domain)}" in known
            if is_here and not is_below and target not in known and not is_covered:
                what = f"{each['type']} leads to {target}, which is nowhere in the zone."
                yield where, "catalog/dns-target", what, "Write a record of that name, or remove this one."


def _taken(spec: Json, domain: str, hosts: Sequence[Host]) -> Iterator[Wrong]:
    for index, claim in enumerate(spec.get("claims", ())):
        for number, name in enumerate(claim["names"]):
            kept = whole(name, domain)
            for host, path, owner in hosts:
                if owner not in claim["teams"] and is_kept(host, kept):
                    where = ("spec", "claims", index, "names", number)
                    what = f"{path} of {owner} answers at {host}, which is kept for "
                    fix = f"Give that service another `edge.host`, or add {owner} to the claim's teams."
                    yield where, "catalog/claimed-name", f"{what}{' and '.join(claim['teams'])}.", fix


def is_kept(host: str, kept: str) -> bool:
    """Whether a claim of a name, or of all names below one, covers a host."""
    return host.endswith(kept[1:]) if kept.startswith("*.") else host == kept


def _uncertified(spec: Json, domain: str, hosts: Sequence[Host]) -> Iterator[Wrong]:
    """The nearest name with CAA records decides: https://www.rfc-editor.org/rfc/rfc8659#section-3."""
    asked = {
        whole(each["name"], domain): (index, each["values"])
        for index, each in enumerate(spec.get("records", ()))
        if each["type"] == "CAA"
    }
    unmet: dict[int, list[str]] = {}
    for host, path, _ in hosts:
        names = [host, *names_above(host, domain)]
        index, values = next((asked[name] for name in names if name in asked), (-1, []))
        said = [value.split(None, 2) for value in values]
        issuers = [value.strip('"').partition(";")[0].strip() for _, tag, value in said if tag == "issue"]
        if issuers and ISSUER not in issuers:
            unmet.setdefault(index, []).append(f"{host} ({path})")
    for index, services in unmet.items():
        what = f"No certificate comes for {', '.join(services)}: {ISSUER} issues it, and may not."
        yield ("spec", "records", index, "values"), "catalog/dns-issuer", what, f'Add `0 issue "{ISSUER}"`.'
