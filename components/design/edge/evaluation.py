"""Says whether an expression of Cloud Armor's rules language holds for a request.

An expression is made into a function once, and asked for each request. What isn't known stays unknown unless
the rest decides: `unknown || true` is true, `unknown && false` is not
(https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators). A header that a request
lacks is such a thing too.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import unquote

from components.design.edge.core_rules import GROUPS, VERSION, recognising, signature_name
from components.design.edge.language import RELATIONS, Expression, NotAnExpression, clauses, read
from components.design.edge.request import Request, Signature, Unknown

AskedOf = Callable[[Request], Any]
"""Gives a value of the language for a request, or Unknown."""

ATTRIBUTES: dict[str, AskedOf] = {
    "request.method": lambda request: request.method,
    "request.path": lambda request: request.path,
    "request.query": lambda request: request.query,
    "request.headers": lambda request: request.headers,
    "request.scheme": lambda _: "https",
    "origin.ip": lambda request: request.ip,
    "origin.user_ip": lambda request: request.user_ip,
    "origin.region_code": lambda request: request.region,
    "origin.tls_ja4_fingerprint": lambda request: request.ja4,
}

GOOGLES = {
    "origin.asn": "the client's network",
    "origin.tls_ja3_fingerprint": "how the client speaks TLS",
    "evaluateThreatIntelligence": "Google's lists of addresses",
    "evaluateAddressGroup": "what is in the group of addresses",
    "evaluateAdaptiveProtectionAutoDeploy": "what adaptive protection has learned",
}
"""What only Google can tell."""

BEYOND_RE2 = re.compile(r"\(\?[=!<>(]|\(\?P=|\\[1-9]|[*+?}][+]")
"""What Python's regular expressions have and https://github.com/google/re2/wiki/Syntax hasn't."""


@lru_cache(4096)
def evaluator(text: str) -> AskedOf:
    """The function that says for a request whether an expression holds: True, False or Unknown.

    Raises NotAnExpression for what isn't in the language, or not known here."""
    return _made(read(text))


@lru_cache(65536)
def is_within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an address is in one of some ranges; `*` is all."""
    asked = ip_address(address)
    return any(network == "*" or asked in _network(network) for network in networks)


@lru_cache(4096)
def _network(text: str) -> Any:
    return ip_network(text, strict=False)


def deciding(text: str | None, found: Iterable[Signature] | Unknown) -> tuple[str, ...]:
    """The names of the core rules, of those that recognised a request, for which an expression asks."""
    if text is None or isinstance(found, Unknown):
        return ()
    asked = [each for each in _asked(text) if each is not None]
    named = (signature_name(each.rule) for one in asked for each in recognising(*one, found))
    return tuple(sorted(set(named)))


@lru_cache(4096)
def _asked(text: str) -> list[tuple[str, int, tuple[str, ...]] | None]:
    """The groups of core rules that an expression asks for, with their sensitivity and what is left out."""
    return [_group(part) for part in clauses(read(text)) if part.said == "evaluatePreconfiguredWaf"]


def part_evaluator(part: Expression) -> AskedOf:
    """The same as `evaluator` for a part of an expression that was read."""
    return _made(part)


def _made(part: Expression) -> AskedOf:
    makes = _relation if part.kind in RELATIONS else MAKES.get(part.kind)
    if makes is None:
        raise NotAnExpression(f"`{part.text}` has no meaning here")
    return makes(part)


def _literal(part: Expression) -> AskedOf:
    said = part.said
    return lambda _: said


def _not(part: Expression) -> AskedOf:
    asked = _made(part.parts[0])

    def denied(request: Request) -> bool | Unknown:
        value = asked(request)
        return value if isinstance(value, Unknown) else value is False

    return denied


def _index(part: Expression) -> AskedOf:
    return _with(lambda held, key: held.get(key, Unknown(f"there is no header `{key}`")), part.parts)


def _attribute(part: Expression) -> AskedOf:
    if part.text in ATTRIBUTES:
        return ATTRIBUTES[part.text]
    if part.text in {"true", "false"}:
        return lambda _: part.text == "true"
    if part.text in GOOGLES:
        unknown = Unknown(f"only Google knows {GOOGLES[part.text]}")
        return lambda _: unknown
    raise NotAnExpression(f"`{part.text}` is no attribute of a request")


def _joined(part: Expression) -> AskedOf:
    """Parts of which the first that is `decides` decides, whatever others say."""
    parts, decides = [_made(each) for each in part.parts], part.kind == "||"

    def asked(request: Request) -> bool | Unknown:
        unknown: Unknown | None = None
        for each in parts:
            value = each(request)
            if isinstance(value, Unknown):
                unknown = unknown or value
            elif value == decides:
                return decides
        return not decides if unknown is None else unknown

    return asked


def _with(function: Callable[..., Any], parts: tuple[Expression, ...]) -> AskedOf:
    """A function of parts of which all have to be known."""
    made = [_made(each) for each in parts]

    def asked(request: Request) -> Any:
        values = [each(request) for each in made]
        unknown = next((value for value in values if isinstance(value, Unknown)), None)
        return function(*values) if unknown is None else unknown

    return asked


def _relation(part: Expression) -> AskedOf:
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "==": lambda one, other: one == other,
        "!=": lambda one, other: one != other,
        "<": lambda one, other: one < other,
        ">": lambda one, other: one > other,
        "<=": lambda one, other: one <= other,
        ">=": lambda one, other: one >= other,
        "in": lambda one, other: one in other,
    }
    return _with(compare[part.kind], part.parts)


def _decoded(text: str) -> str:
    """Nothing for what isn't base64."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


METHODS: dict[str, Callable[..., Any]] = {
    "contains": lambda text, sought: sought in text,
    "startsWith": lambda text, begin: text.startswith(begin),
    "endsWith": lambda text, end: text.endswith(end),
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "urlDecode": lambda text: unquote(text, errors="replace"),
    "base64Decode": _decoded,
    "size": len,
}
"""https://cloud.google.com/armor/docs/rules-language-reference#operations"""


def _call(part: Expression) -> AskedOf:
    name, parts = str(part.said), part.parts
    if name in GOOGLES:
        return _attribute(part._replace(text=name))
    if (name, part.is_method, len(parts)) in FUNCTIONS:
        return FUNCTIONS[name, part.is_method, len(parts)](part)
    if name in METHODS and (part.is_method or name == "size"):
        return _with(METHODS[name], parts)
    raise NotAnExpression(f"`{part.text}` calls nothing that is known here")


def _has(part: Expression) -> AskedOf:
    (asked,) = part.parts
    if asked.kind != "index":
        raise NotAnExpression(f"`{asked.text}` is always there")
    return _with(lambda held, key: key in held, asked.parts)


def _matches(part: Expression) -> AskedOf:
    text, pattern = part.parts
    if pattern.kind != "text":
        raise NotAnExpression(f"`{pattern.text}` is no regular expression that can be known before")
    compiled = _pattern(str(pattern.said))
    return _with(lambda said: compiled.search(said) is not None, (text,))


def _in_range(part: Expression) -> AskedOf:
    network = part.parts[1]
    if network.kind == "text":
        _checked(str(network.said))
    return _with(lambda address, within: is_within(address, (within,)), part.parts)


def _whole(text: str) -> int | Unknown:
    try:
        return int(text)
    except ValueError:
        return Unknown(f"`{text}` is no number")


def _checked(network: str) -> None:
    try:
        _network(network)
    except ValueError as error:
        raise NotAnExpression(f"`{network}` is no range of addresses") from error


def _pattern(text: str) -> re.Pattern[str]:
    beyond = BEYOND_RE2.search(text)
    if beyond is not None:
        raise NotAnExpression(f"`{beyond[0]}` in the pattern `{text}` isn't in RE2")
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise NotAnExpression(f"`{text}` is no regular expression: {error}") from error


def _core_rules(part: Expression) -> AskedOf:
    """Whether a group of core rules recognises a request, as far as somebody asked real ones."""
    asked_for = _group(part)
    if asked_for is None:
        unknown = Unknown(f"only Google has the core rules of `{part.parts[0].said}`")
        return lambda _: unknown

    def asked(request: Request) -> bool | Unknown:
        found = request.recognised
        return found if isinstance(found, Unknown) else bool(recognising(*asked_for, found))

    return asked


def _group(part: Expression) -> tuple[str, int, tuple[str, ...]] | None:
    """A group with its sensitivity and what is left out of it; None for one of another version."""
    name, *options = part.parts
    group, _, version = str(name.said).partition("-")
    if group not in GROUPS:
        raise NotAnExpression(f"`{name.said}` is no group of core rules")
    if version.partition("-")[0] != VERSION:
        return None
    said = _options(options[0]) if options else {}
    return group, said.get("sensitivity", 4), tuple(said.get("opt_out_rule_ids", ()))


def _options(part: Expression) -> dict[str, Any]:
    if part.kind != "map":
        raise NotAnExpression(f"`{part.text}` are no options of core rules")
    pairs = zip(part.parts[::2], part.parts[1::2], strict=True)
    return {
        str(name.said): [each.said for each in value.parts] if value.kind == "list" else value.said
        for name, value in pairs
    }


MAKES: dict[str, Callable[[Expression], AskedOf]] = {
    "text": _literal,
    "number": _literal,
    "word": _attribute,
    "field": _attribute,
    "index": _index,
    "list": lambda part: _with(lambda *items: list(items), part.parts),
    "-": lambda part: _with(lambda number: -number, part.parts),
    "!": _not,
    "&&": _joined,
    "||": _joined,
    "call": _call,
}
"""What makes a function of each kind of expression."""

FUNCTIONS: dict[tuple[str, bool, int], Callable[[Expression], AskedOf]] = {
    ("has", False, 1): _has,
    ("matches", True, 2): _matches,
    ("inIpRange", False, 2): _in_range,
    ("int", False, 1): lambda part: _with(_whole, part.parts),
    ("evaluatePreconfiguredWaf", False, 1): _core_rules,
    ("evaluatePreconfiguredWaf", False, 2): _core_rules,
}
"""Those that need more than values: by name, whether it is a method, and of how many parts."""
