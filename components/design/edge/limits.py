"""What a rate limit lets one client really do, and from which request on it bites.

Google counts for each backend apart, and in each of its regions where requests come in; a client that comes
in at several has as many allowances (https://cloud.google.com/armor/docs/rate-limiting-overview).
"""

from collections.abc import Iterator
from typing import NamedTuple

from components.design.edge.keys import ADDRESSES, LONGEST_VALUE, by_words
from components.design.edge_model import (
    RequestRule,
)

WAYS_OUT = {
    "HTTP_HEADER": "Whoever writes another {name} with each request has a new allowance each time, and isn't"
    " limited by this; without that header the rest of the key counts alone",
    "HTTP_COOKIE": "Whoever sends another cookie {name} with each request has a new allowance each time, and"
    " isn't limited by this; without that cookie the rest of the key counts alone",
    "HTTP_PATH": "Each path has an allowance of its own, so a client has as many as it finds paths",
    "TLS_JA4_FINGERPRINT": "A client that changes how it speaks TLS has a new allowance each time; where"
    " Google can't tell, the rest of the key counts alone",
    "REGION_CODE": "Countries are what Google takes addresses for",
}
"""What a client may do to a part of the key."""


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
    text = f"{_who(rule)} may send {limit.requests} requests in {limit.per_seconds} s"
    text += f"{each}. What is more {done}"
    if limit.action == "ban":
        also = "would be" if rule.preview else "is"
        text += f", and all of that client's {also} for {limit.ban_seconds} s"
    text += ". Google counts apart for each journey, and in each of its regions where requests come in"
    text += f" (wherever clients are, not only {region}): whoever comes in at two has twice as many"
    if rules_alike > 1:
        text += f", and so has whoever comes by ranges of several of the {rules_alike} rules that count"
    return ". ".join([text, *_ways_out(rule)]) + "."


def _who(rule: RequestRule) -> str:
    if any(part.kind in ADDRESSES for part in rule.key):
        return f"One client, told by {by_words(rule.key)},"
    alike = by_words(rule.key).replace("that it asks for", "asked for").replace("it comes", "they come")
    return f"All clients with the same {alike.removeprefix('the ')}, however many they are, together"


def _ways_out(rule: RequestRule) -> Iterator[str]:
    for part in rule.key:
        if part.kind in WAYS_OUT:
            yield WAYS_OUT[part.kind].format(name=part.name)
        if part.kind in {"HTTP_HEADER", "HTTP_COOKIE", "HTTP_PATH"}:
            yield f"Of it the first {LONGEST_VALUE} bytes count"
        if part.kind == "USER_IP" and rule.sources == ["*"]:
            yield "Requests come from anywhere, so whoever goes past the proxy writes that address itself"
