"""What happens to a request at a host, by the rules that the plan is made of."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.edge.answer import Decider, answer
from components.design.edge.host import Fragment, HostEdge, host_edge
from components.design.edge.limits import bites
from components.design.edge.request import Request, Signature, Unknown
from components.design.service import designed

CATALOG = load(Path(__file__).parents[2] / "catalog")
PROXY = "173.245.48.1"


def edge_of(name: str) -> HostEdge:
    service = service_at(CATALOG, name, "production")
    assert isinstance(service, Service)
    return host_edge([Fragment(service, designed(CATALOG, service))])


EDGE = edge_of("customersdot")
HARMLESS = Request("GET", "/customers/sign_in", ip=PROXY, recognised=())


def test_a_request_is_refused_by_the_first_rule_that_holds() -> None:
    found = answer(EDGE, HARMLESS._replace(recognised=(Signature(942100, 1),)))
    assert found.decided is not None
    assert (found.does, found.decided.rule.priority) == ("refused", 1000)
    assert [each.holds for each in found.asked] == [True]


def test_each_part_of_a_rule_says_whether_it_holds() -> None:
    found = answer(EDGE, HARMLESS._replace(path="/callouts/a", recognised=(Signature(942100, 1),)))
    assert [(each.text.partition("(")[0], each.holds) for each in found.asked[0].clauses] == [
        ("evaluatePreconfiguredWaf", True),
        ("evaluatePreconfiguredWaf", False),
        ("evaluatePreconfiguredWaf", False),
        ("request.path.startsWith", True),
        ("inIpRange", False),
    ]


def test_without_core_rules_an_answer_is_undecided_and_never_a_pass() -> None:
    found = answer(EDGE, HARMLESS._replace(recognised=Unknown("nobody asked")))
    assert (found.does, found.decided) == ("undecided", None)
    assert "nobody asked" in found.why


def test_who_comes_past_the_proxy_is_refused_by_the_last_rule() -> None:
    found = answer(EDGE, HARMLESS._replace(ip="203.0.113.9"))
    assert (found.does, found.decided and found.decided.rule.description) == ("refused", "Everybody else")


@pytest.mark.parametrize(
    ("path", "journey"),
    [
        ("/purchases/1", "purchase"),
        ("/", "portal"),
        ("/graphql", "subscription-update"),
        ("/graphql/x", "portal"),
    ],
)
def test_the_longest_path_says_which_journey_it_is(path: str, journey: str) -> None:
    found = answer(EDGE, HARMLESS._replace(path=path))
    assert found.route is not None
    assert found.route.journey == journey


def test_a_path_of_no_journey_has_no_answer() -> None:
    assert answer(edge_of("usage-api"), Request("GET", "/nowhere", recognised=())).does == "nobody"


def test_a_limit_bites_at_the_first_request_above_it_and_refuses_the_rest() -> None:
    ((placed, bite),) = answer(EDGE, HARMLESS, (50, 60)).bites
    assert (bite.first, bite.refused) == (21, 30)
    assert bites(placed.rule, 20, 60).first is None


@given(st.integers(1, 5000), st.sampled_from([1, 10, 60, 3600]))
def test_what_a_throttle_lets_through_is_what_one_client_may_send(rate: int, seconds: int) -> None:
    """Counted one by one, in fixed periods, for as long as a whole number of both."""
    ((placed, bite),) = answer(EDGE, HARMLESS, (rate, seconds)).bites
    limit = placed.rule.limit
    assert limit is not None
    in_period = rate * limit.per_seconds / seconds
    through = min(in_period, limit.requests) / in_period * rate
    assert bite.refused == pytest.approx(rate - through, abs=0.51)
    assert (bite.first is None) == (in_period <= limit.requests)


PATHS = st.sampled_from(
    ["/", "/purchases/1", "/customers/sign_in", "/callouts/a", "/graphql", "/api/v1/seat_links"]
)
SIGNATURES = st.lists(
    st.builds(Signature, st.sampled_from([942100, 941100, 913100]), st.integers(1, 4)), max_size=2
)


@given(
    PATHS, st.sampled_from([PROXY, "203.0.113.9"]), SIGNATURES.map(tuple) | st.just(Unknown("nobody asked"))
)
def test_many_requests_are_decided_as_one_is(
    path: str, address: str, recognised: tuple[Signature, ...] | Unknown
) -> None:
    request = Request("GET", path, ip=address, recognised=recognised)
    found, decider = answer(EDGE, request), Decider(EDGE)
    route, misread = decider.route(path)
    assert (route, misread is None) == (found.route, True)
    assert route is not None
    assert route.policy is not None
    decided, previewed, _ = decider.decide(route.policy, request)
    assert (decided, list(previewed)) == (found.decided, found.previewed)
