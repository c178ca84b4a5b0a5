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


ACCOUNT_LIMIT = 30
"""Characters of a service account's id (https://cloud.google.com/iam/docs/service-accounts-create)."""

SHORTEST_ACCOUNT = 6
"""It can't have fewer."""


def account_name(*parts: str) -> str:
    """The id of a service account. One that would be too short gets a tail."""
    name = resource_name(*parts, limit=ACCOUNT_LIMIT)
    return name if len(name) >= SHORTEST_ACCOUNT else f"{name}-account"


def egress_addresses(environment: str, count: int) -> list[str]:
    """Names of the addresses that all outgoing calls of an environment leave from."""
    return [resource_name(environment, "egress", str(n)) for n in range(count)]
