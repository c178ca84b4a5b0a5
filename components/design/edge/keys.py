"""By what a rate limit tells clients from one another.

https://cloud.google.com/armor/docs/rate-limiting-overview#identify-clients
"""

from collections.abc import Callable, Sequence

from catalog.kinds.service_spec import LimitKey
from components.design.edge.request import Request, Unknown
from components.design.edge_model import KeyPart

LONGEST_VALUE = 128
"""Bytes of a header, a cookie or a path that count (the same page)."""

ADDRESSES = frozenset(("IP", "USER_IP"))

KINDS = {"path": "HTTP_PATH", "region": "REGION_CODE", "ja4": "TLS_JA4_FINGERPRINT"}

CHOSEN = frozenset(("HTTP_HEADER", "HTTP_COOKIE", "HTTP_PATH", "TLS_JA4_FINGERPRINT"))
"""What a client may change from one request to the next, and so begin with a new allowance."""

WORDS = {
    "IP": "its address",
    "USER_IP": "the address that the proxy names",
    "HTTP_HEADER": "its header {name}",
    "HTTP_COOKIE": "its cookie {name}",
    "HTTP_PATH": "the path that it asks for",
    "REGION_CODE": "the country it comes from",
    "TLS_JA4_FINGERPRINT": "how it speaks TLS (JA4)",
}


def key_parts(key: LimitKey | None, address: str) -> list[KeyPart]:
    """The parts of an owner's key; `address` is how Cloud Armor calls the client's. The address alone where
    the owner says nothing."""
    if key is None:
        return [KeyPart(address)]
    parts = [KeyPart(KINDS.get(each, address)) for each in key.by]
    if key.header is not None:
        parts.append(KeyPart("HTTP_HEADER", key.header))
    if key.cookie is not None:
        parts.append(KeyPart("HTTP_COOKIE", key.cookie))
    return parts


def is_chosen(key: LimitKey | None) -> bool:
    """Whether a client may have as many allowances as it likes."""
    return any(part.kind in CHOSEN for part in key_parts(key, "IP"))


def counted(parts: Sequence[KeyPart], request: Request) -> tuple[str, ...] | Unknown:
    """What a request counts with: equal for two of one client. The first part that isn't known is returned
    where there is one. What a request lacks is the same for all who lack it, as at Google."""
    values = [_value(part, request) for part in parts]
    unknown = next((each for each in values if isinstance(each, Unknown)), None)
    return tuple(map(str, values)) if unknown is None else unknown


def is_lacking(part: KeyPart, request: Request) -> bool:
    """Whether a request is known not to have that part of the key."""
    return part.name is not None and _value(part, request) == ""


def by_words(parts: Sequence[KeyPart]) -> str:
    """What tells a client: `its header X together with its address`."""
    return " together with ".join(WORDS[part.kind].format(name=part.name) for part in parts)


def _value(part: KeyPart, request: Request) -> str | Unknown:
    value = VALUES[part.kind](request, part.name or "")
    return value if isinstance(value, Unknown) else value.encode()[:LONGEST_VALUE].decode("utf-8", "replace")


def _header(request: Request, name: str) -> str | Unknown:
    """Nothing where the request is known not to have it."""
    if name.lower() in request.headers or request.has_all_headers:
        return request.headers.get(name.lower(), "")
    return Unknown(f"what header {name} was")


def _cookie(request: Request, name: str) -> str | Unknown:
    if isinstance(_header(request, "Cookie"), Unknown):
        return Unknown(f"what cookie {name} was")
    pairs = (each.strip().partition("=") for each in request.headers.get("cookie", "").split(";"))
    return next((value for said, _, value in pairs if said == name), "")


VALUES: dict[str, Callable[[Request, str], str | Unknown]] = {
    "IP": lambda request, _: request.ip,
    "USER_IP": lambda request, _: request.user_ip,
    "HTTP_PATH": lambda request, _: request.path,
    "REGION_CODE": lambda request, _: request.region,
    "TLS_JA4_FINGERPRINT": lambda request, _: request.ja4,
    "HTTP_HEADER": _header,
    "HTTP_COOKIE": _cookie,
}
"""What a request has of each kind of part, by the part's name."""
