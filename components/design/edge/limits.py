"""What a rate limit lets one client really do, and from which request on it bites.

Google counts for each backend apart, and in each of its regions where requests come in; a client that comes
in at several has as many allowances (https://cloud.google.com/armor/docs/rate-limiting-overview).
"""

from typing import NamedTuple

from components.design.edge_model import (
    RequestRule,
)

KEYS = {"IP": "by its address", "USER_IP": "by the address that the proxy names"}
"""How a client is told from others, by the key that counts."""


class Bite(NamedTuple):
    """What a limit does to a client that sends `rate` requests, evenly over `seconds`.

    `first` is the number of the first request that meets it, in seconds `after` since the first of all; None
    where it never bites. `refused` of the `rate` requests are, once it goes on like this."""

    rate: int
    seconds: int
    first: int | None
    after: float
    refused: int


def bites(rule: RequestRule, rate: int, seconds: int) -> Bite:
    """What the limit of `rule` does to one client that comes in at one region."""
    limit = rule.limit
    assert limit is not None
    gap = seconds / rate
    in_period = limit.per_seconds / gap
    if in_period <= limit.requests:
        return Bite(rate, seconds, None, 0.0, 0)
    first = limit.requests + 1
    after = limit.requests * gap
    if limit.action == "ban":
        counted, banned = first, limit.ban_seconds / gap
        share = banned / (counted + banned)
    else:
        share = 1 - limit.requests / in_period
    return Bite(rate, seconds, first, after, round(rate * share))


def in_words(rule: RequestRule, journeys: list[str], rules_alike: int, region: str) -> str:
    """What one client may do: `rules_alike` rules of the policy count it, each for other ranges of a proxy.
    `region` is where the services run, which isn't where clients come in."""
    limit = rule.limit
    assert limit is not None
    done = "is logged, and let through" if rule.preview else "is answered 429"
    each = f" to each of {', '.join(journeys)}" if len(journeys) > 1 else f" to {journeys[0]}"
    text = (
        f"One client, told {KEYS[rule.client]}, may send {limit.requests} requests in {limit.per_seconds} s"
    )
    text += f"{each}. What is more {done}"
    if limit.action == "ban":
        also = "would be" if rule.preview else "is"
        text += f", and all of that client's {also} for {limit.ban_seconds} s"
    text += ". Google counts apart for each journey, and in each of its regions where requests come in"
    text += f" (wherever clients are, not only {region}): whoever comes in at two has twice as many"
    if rules_alike > 1:
        text += f", and so has whoever comes by ranges of several of the {rules_alike} rules that count"
    return f"{text}."
