"""What expressions mean: ours against an independent implementation of CEL, in Rust."""

import string
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from random import Random
from typing import Any

import cel
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from components.design.edge.core_rules import GROUPS, preconfigured
from components.design.edge.evaluation import evaluator
from components.design.edge.language import NotAnExpression
from components.design.edge.request import Request, Signature, Unknown
from tests.laws import law

TOLD = ("a", "b", "/a", "/a/b", "login", "Curl", "", "x.y", "10.1.0.1", "203.0.113.9")
WORDS = st.sampled_from(TOLD)
STEPS = ("a", "b.c", "login", "d+")
ADDRESSES = ("10.1.0.1", "203.0.113.9", "2001:db8::1")
RANGES = st.sampled_from(["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32", "0.0.0.0/0"])
ALIKE = 50
"""Requests to ask each expression about."""


def a_request(chance: Random) -> Request:
    names = chance.sample(("host", "user-agent", "x-one"), chance.randint(0, 2))
    return Request(
        method=chance.choice(("GET", "POST")),
        path="/" + "/".join(chance.choices(STEPS, k=chance.randint(0, 3))),
        query=chance.choice(TOLD),
        headers={name: chance.choice(TOLD) for name in names},
        ip=chance.choice(ADDRESSES),
        user_ip=chance.choice(ADDRESSES),
        region=chance.choice(("DE", "US")),
    )


def quoted(text: str) -> str:
    return f"'{text}'"


TEXTS = st.one_of(
    st.sampled_from(["request.path", "request.method", "request.query", "origin.region_code", "origin.ip"]),
    st.sampled_from(["host", "user-agent", "x-one"]).map(lambda name: f"request.headers['{name}']"),
    WORDS.map(quoted),
)
ATOMS = st.one_of(
    st.builds("{} == {}".format, TEXTS, TEXTS),
    st.builds("{} != {}".format, TEXTS, TEXTS),
    st.builds(
        "{}.{}({})".format, TEXTS, st.sampled_from(["startsWith", "endsWith", "contains"]), WORDS.map(quoted)
    ),
    st.builds(
        "{}.matches('{}')".format, TEXTS, st.sampled_from(["^(?:/a$|/b[.]c)", "(?i)LOGIN", "[0-9]+", "^$"])
    ),
    st.builds("inIpRange({}, '{}')".format, st.sampled_from(["origin.ip", "origin.user_ip"]), RANGES),
    st.builds("{} in ['DE', 'GET']".format, TEXTS),
    st.builds("'{}' in request.headers".format, st.sampled_from(["host", "x-one"])),
    st.builds("{}.lower() == {}.upper()".format, TEXTS, TEXTS),
    st.builds("size({}) > {}".format, TEXTS, st.integers(0, 5)),
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("{} || {}".format, inner, inner),
        st.builds("{} && {}".format, inner, inner),
        inner.map("!({})".format),
    ),
    max_leaves=5,
)


def in_range(address: str, network: str) -> bool:
    asked, within = ip_address(address), ip_network(network)
    return asked.version == within.version and asked in within


FUNCTIONS: dict[str, Callable[..., Any]] = {"inIpRange": in_range, "lower": str.lower, "upper": str.upper}


def second_opinion(expression: cel.Program, request: Request) -> bool | None:
    """None where a header isn't there and decides."""
    variables = {
        "request": {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
        },
        "origin": {"ip": request.ip, "user_ip": request.user_ip, "region_code": request.region},
    }
    try:
        return bool(expression.execute(cel.Context(variables=variables, functions=FUNCTIONS)))
    except KeyError:
        return None


@law(2_000, [HealthCheck.too_slow])
@given(EXPRESSIONS, st.randoms(use_true_random=True))
def test_an_independent_implementation_says_the_same(expression: str, chance: Random) -> None:
    """Of a hundred thousand requests in a thorough run."""
    ours, theirs = evaluator(expression), cel.compile(expression)
    for _ in range(ALIKE):
        request = a_request(chance)
        said = ours(request)
        assert (None if isinstance(said, Unknown) else said) == second_opinion(theirs, request), request


def test_what_is_unknown_stays_so_unless_the_rest_decides() -> None:
    request = Request("GET", "/")
    asked = "evaluatePreconfiguredWaf('sqli-v422-stable', {'sensitivity': 1})"
    assert evaluator(f"{asked} && request.path == '/no'")(request) is False
    assert evaluator(f"{asked} || request.path == '/'")(request) is True
    assert evaluator(f"!({asked}) && request.path == '/'")(request) == Unknown("core rules weren't asked")


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_group_of_core_rules_holds_from_the_level_of_a_signature_on(group: str) -> None:
    request = Request("GET", "/", recognised=(Signature(GROUPS[group] * 1000 + 100, 2),))
    said = [
        evaluator(f"evaluatePreconfiguredWaf('{preconfigured(group)}', {{'sensitivity': {level}}})")(request)
        for level in range(5)
    ]
    assert said == [False, False, True, True, True]


def test_a_signature_that_is_left_out_decides_nothing() -> None:
    request = Request("GET", "/", recognised=(Signature(942100, 1),))
    without = "'opt_out_rule_ids': ['owasp-crs-v042200-id942100-sqli']"
    asked = evaluator(f"evaluatePreconfiguredWaf('sqli-v422-stable', {{'sensitivity': 4, {without}}})")
    assert asked(request) is False
    assert asked(request._replace(recognised=(Signature(942110, 2),))) is True


def test_the_rules_of_an_older_version_are_googles_alone() -> None:
    found = evaluator("evaluatePreconfiguredWaf('sqli-v33-stable')")(Request("GET", "/", recognised=()))
    assert isinstance(found, Unknown)


@pytest.mark.parametrize(
    "expression",
    [
        "request.nothing == 'a'",
        "request.path.reversed() == 'a'",
        "request.path.matches('a(?=b)')",
        r"request.path.matches('(a)\\1')",
        "request.path.matches('[')",
        "inIpRange(origin.ip, 'everywhere')",
        "evaluatePreconfiguredWaf('everything-v422-stable')",
        "{'a': 1}",
    ],
)
def test_what_would_be_refused_by_the_cloud_is_no_expression_here(expression: str) -> None:
    with pytest.raises(NotAnExpression):
        evaluator(expression)


@given(st.text(string.printable, max_size=30))
def test_any_text_is_an_expression_or_says_that_it_is_none(text: str) -> None:
    try:
        asked = evaluator(text)
    except NotAnExpression:
        return
    asked(Request("GET", "/"))
