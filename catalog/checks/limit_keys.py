"""Keys of rate limits that Cloud Armor doesn't take, or that quietly stop telling clients apart.

Where a request lacks the header, the cookie or the fingerprint that is the key, it is counted with all others
that lack it, as if all were one client: https://cloud.google.com/armor/docs/rate-limiting-overview#identify-clients
"""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

RULE = "catalog/limit-key"

MOST_PARTS = 3
"""https://cloud.google.com/armor/docs/rate-limiting-overview#identify-clients"""

ADD_ADDRESS = "Add `address` to `by`: then those without it are counted by their addresses."


def unfit_limit_keys(merged: Json) -> Iterator[Wrong]:
    """What is wrong with the keys of a schema-valid, merged service's limits."""
    proxy = merged["spec"].get("edge", {}).get("proxy", "none")
    for i, endpoint in enumerate(merged["spec"].get("endpoints", ())):
        key = endpoint.get("rateLimit", {}).get("key")
        if key is not None:
            yield from _unfit(key, ("spec", "endpoints", i, "rateLimit", "key"), proxy)


def _unfit(key: Json, at: Pointer, proxy: str) -> Iterator[Wrong]:
    by = key.get("by", [])
    named = [each for each in ("header", "cookie") if each in key]
    parts = [*by, *named]
    if not parts:
        yield at, RULE, "The key holds nothing, so all clients would be one.", "Remove it, or name something."
    if len(parts) > MOST_PARTS:
        what = f"A client is told by {MOST_PARTS} things at most, and these are {', '.join(parts)}."
        yield at, RULE, what, "Leave out those that tell least."
    if "region" in by and proxy != "none":
        what = f"Behind {proxy} (`edge.proxy`) Google sees from where the proxy asks, and not its clients."
        fix = "Leave `region` out, or remove `edge.proxy`."
        yield (*at, "by", by.index("region")), RULE, what, fix
    if "ja4" in by and proxy != "none":
        what = f"Behind {proxy} (`edge.proxy`) TLS is the proxy's, so all clients have its JA4."
        yield (*at, "by", by.index("ja4")), RULE, what, "Leave `ja4` out, or remove `edge.proxy`."
    if "address" in by:
        return
    for each in named:
        what = f"Whoever sends no {each} `{key[each]}` shares one allowance with all others who don't."
        yield (*at, each), RULE, what, ADD_ADDRESS
    if "ja4" in by and proxy == "none":
        what = "Clients whose JA4 Google can't tell share one allowance."
        yield (*at, "by", by.index("ja4")), RULE, what, ADD_ADDRESS
