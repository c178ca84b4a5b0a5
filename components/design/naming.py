"""Names of resources: explicit, the same on every run, within the cloud's limits."""

import hashlib

DIGITS = 8
"""Hexadecimal digits in which a name that was cut differs from others: 32 bits. Two names that meet all the
same are refused when the plan is recorded."""


def resource_name(*parts: str, limit: int = 40) -> str:
    """`portal-db-g1` from its parts. Longer than `limit` characters, its tail becomes `DIGITS` hexadecimal
    digits of the whole name's SHA-256.

    40 fits the shortest limit that applies, a Memorystore instance
    (https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances/create)."""
    name = "-".join(parts)
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGITS]
    return f"{name[: limit - DIGITS - 1].rstrip('-')}-{digest}"


def store_name(service: str, store: str, generation: int) -> str:
    """What a store of a service is called in the cloud: `portal-db-g1`."""
    return resource_name(service, store, f"g{generation}")


def replica_name(service: str, store: str, generation: int, number: int) -> str:
    """What a read replica of a store is called: `portal-db-g1-read-1`. Numbers begin with 1."""
    return resource_name(service, store, f"g{generation}", "read", str(number))


HOST_LIMIT = 63
"""Characters of a name in Certificate Manager and in Cloud DNS, which begins with a letter
(https://cloud.google.com/certificate-manager/docs/reference/certificate-manager/rest/v1/projects.locations.certificates/create,
https://cloud.google.com/dns/docs/reference/rest/v1/managedZones)."""


def host_name(host: str) -> str:
    """The name of what belongs to a host: another one for every host.

    `customers.acme.example` is `customers-acme-example`, from which it can be read back. A host that has a
    hyphen of its own, begins with a digit or is too long also gets a `0` and `DIGITS` hexadecimal digits of
    its SHA-256: `lunch-menu-acme-example-0…`. That is no other host's plain name, since no host ends in a
    digit."""
    plain = host.replace(".", "-")
    if "-" not in host and plain[0].isalpha() and len(plain) <= HOST_LIMIT:
        return plain
    begin = plain if plain[0].isalpha() else f"h{plain}"
    digest = hashlib.sha256(host.encode()).hexdigest()[:DIGITS]
    return f"{begin[: HOST_LIMIT - DIGITS - 2].rstrip('-')}-0{digest}"


ACCOUNT_LIMIT = 30
"""Characters of a service account's id (https://cloud.google.com/iam/docs/service-accounts-create)."""

SHORTEST_ACCOUNT = 6
"""It can't have fewer."""


DATABASE_USER_LIMIT = 63
"""Bytes of a name in PostgreSQL; the rest is cut off
(https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS)."""


def account_name(*parts: str, project: str) -> str:
    """The id of a service account in a project. One that would be too short gets a tail.

    As `ID@PROJECT.iam` it is a database's user too
    (https://cloud.google.com/sql/docs/postgres/add-manage-iam-users), so that in a project of 29 or 30
    characters, the most there can be, an id has one or two fewer."""
    name = resource_name(*parts, limit=min(ACCOUNT_LIMIT, DATABASE_USER_LIMIT - len(f"@{project}.iam")))
    return name if len(name) >= SHORTEST_ACCOUNT else f"{name}-account"


OWNER = "stack"
"""The label by which a resource says which stack manages it. Unlike a team or a cost centre it never changes,
so that a recovery can tell by it whose a resource is."""


def owner_label(*stack: str) -> str:
    """The value of that label, from the parts of a stack's name: `service_portal_production`. No two stacks
    have the same: no part has an underscore in it.

    Labels have no dots, and at most 63 characters, in Google Cloud
    (https://cloud.google.com/resource-manager/docs/best-practices-labels) as in Kubernetes
    (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/)."""
    value = "_".join(stack)
    if len(value) <= 63:
        return value
    return f"{value[: 63 - DIGITS - 1]}_{hashlib.sha256(value.encode()).hexdigest()[:DIGITS]}"


def egress_addresses(environment: str, count: int) -> list[str]:
    """Names of the addresses that all outgoing calls of an environment leave from."""
    return [resource_name(environment, "egress", str(n)) for n in range(count)]
