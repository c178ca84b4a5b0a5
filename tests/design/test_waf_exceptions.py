"""What each exception of the firewall changes, beside the others."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.kinds.service_edge import WafException as Written
from catalog.loader import load
from components.design.edge.evaluation import evaluator
from components.design.edge.exceptions import exceptions
from components.design.edge.expressions import excepted
from components.design.edge.request import Request
from components.design.edge_model import WafException
from tests.laws import law

CATALOG = load(Path(__file__).parents[2] / "catalog")
PATHS = st.lists(
    st.sampled_from(["/*", "/callouts/*", "/callouts/a", "/purchases/*", "/trials/*", "/gone"]),
    min_size=1,
    max_size=3,
    unique=True,
)
SOURCES = st.lists(
    st.sampled_from(
        ["198.51.100.0/24", "198.51.100.128/25", "198.51.100.0/25", "0.0.0.0/0", "2001:db8::/32"]
    ),
    max_size=3,
    unique=True,
)


def written(name: str, paths: list[str], sources: list[str]) -> Written:
    return Written(name=name, paths=paths, sources=sources, owner=None, reason=None, expires=None)


def decided(*of: Written) -> list[WafException]:
    service = service_at(CATALOG, "customersdot", "production")
    assert isinstance(service, Service)
    waf = msgspec.structs.replace(service.spec.edge.waf, exceptions=list(of))
    edge = msgspec.structs.replace(service.spec.edge, waf=waf)
    changed = Service(
        service.document, service.data, service.sources, service.environment, service.place, service.zone
    )
    changed.spec = msgspec.structs.replace(service.spec, edge=edge)
    return exceptions(changed)


EXCEPTIONS = st.lists(st.builds(written, st.just("x"), PATHS, SOURCES), min_size=1, max_size=4).map(
    lambda found: [msgspec.structs.replace(each, name=f"x{n}") for n, each in enumerate(found)]
)
REQUESTS = st.builds(
    lambda path, ip: Request("GET", path, ip=ip),
    st.sampled_from(["/", "/callouts/a", "/callouts/b", "/purchases/1", "/trials/", "/gone"]),
    st.sampled_from(["198.51.100.1", "198.51.100.200", "203.0.113.1", "2001:db8::1"]),
)


@law(400)
@given(EXCEPTIONS, st.lists(REQUESTS, max_size=12))
def test_what_is_covered_or_on_no_journeys_paths_can_go_and_nothing_changes(
    of: list[Written], requests: list[Request]
) -> None:
    all_of_them = decided(*of)
    needed = [each for each in all_of_them if each.covered_by is None]
    for request in requests:
        assert skips(all_of_them, request) == skips(needed, request)


def skips(of: list[WafException], request: Request) -> bool:
    return evaluator(f"request.path != '' {excepted(of, 'origin.ip').text}")(request) is False


@pytest.mark.parametrize(
    ("paths", "sources", "swallowed"),
    [
        (["/purchases/*", "/subscriptions/new"], [], ["purchase"]),
        (["/purchases/*"], [], []),
        (["/purchases/*", "/subscriptions/new"], ["0.0.0.0/0"], ["purchase"]),
        (["/purchases/*", "/subscriptions/new"], ["198.51.100.0/24"], []),
    ],
)
def test_a_journey_is_swallowed_when_nobodys_request_for_it_is_examined(
    paths: list[str], sources: list[str], swallowed: list[str]
) -> None:
    (found,) = decided(written("x", paths, sources))
    assert found.swallows == swallowed


def test_of_two_that_are_alike_the_later_one_is_covered() -> None:
    two = [written(name, ["/callouts/*"], ["198.51.100.0/24"]) for name in ("one", "two")]
    assert [each.covered_by for each in decided(*two)] == [None, "one"]


def test_two_halves_of_a_range_cover_the_whole() -> None:
    halves = written("halves", ["/callouts/*"], ["198.51.100.0/25", "198.51.100.128/25"])
    whole = written("whole", ["/callouts/a"], ["198.51.100.0/24"])
    assert [each.covered_by for each in decided(halves, whole)] == [None, "halves"]


def test_an_exception_names_the_journeys_that_it_concerns() -> None:
    (some, none) = decided(written("some", ["/callouts/a"], []), written("none", ["/gone"], []))
    assert some.journeys == ["vendor-callouts", "portal"]
    assert none.journeys == ["portal"]
