"""Which journey a path belongs to, and that a probe asks its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.checks.paths import answering, covers, probes_of_others

JOURNEYS = [("buy", ["/buy/*", "/cart"]), ("receipt", ["/buy/receipt/*"]), ("all", ["/*"])]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/buy/now", "buy"),
        ("/buy/receipt/1", "receipt"),
        ("/cart", "buy"),
        ("/cart/2", "all"),
        ("/", "all"),
        ("/buy/now?step=/buy/receipt/1", "buy"),
    ],
)
def test_the_longest_match_wins(path: str, name: str) -> None:
    assert answering(path, JOURNEYS) == name
    assert answering(path, reversed(JOURNEYS)) == name


def test_a_path_of_nobody_has_no_journey() -> None:
    assert answering("/else", JOURNEYS[:2]) is None


PATHS = st.lists(st.sampled_from("ab"), max_size=4).map(lambda parts: "/" + "/".join(parts))
PATTERNS = st.tuples(PATHS, st.booleans()).map(lambda two: f"{two[0].rstrip('/')}/*" if two[1] else two[0])


@given(PATTERNS, PATTERNS, PATHS)
def test_what_covers_a_pattern_covers_all_that_it_matches(one: str, other: str, path: str) -> None:
    if covers(one, other) and covers(other, path):
        assert covers(one, path)


@pytest.mark.parametrize(
    ("probe", "what"),
    [
        ("/buy/now", None),
        ("/cart?empty", None),
        (
            "/buy/receipt/1",
            "`/buy/receipt/1` belongs to the endpoint `receipt`, so it says nothing of `buy`.",
        ),
        ("/welcome", "`/welcome` belongs to the endpoint `all`, so it says nothing of `buy`."),
    ],
)
def test_a_probe_asks_the_journey_that_it_speaks_for(probe: str, what: str | None) -> None:
    endpoints = [{"name": name, "paths": paths} for name, paths in JOURNEYS]
    endpoints[0]["probe"] = probe
    found = [*probes_of_others({"endpoints": endpoints})]
    assert [each[2] for each in found] == ([] if what is None else [what])
    assert all(each[:2] == (("spec", "endpoints", 0, "probe"), "catalog/probe") for each in found)


def test_a_probe_that_nobody_answers_is_said() -> None:
    (found,) = probes_of_others({"endpoints": [{"name": "buy", "paths": ["/buy"], "probe": "/"}]})
    assert found[2] == "`/` nobody answers, so it says nothing of `buy`."
    assert found[3] == "Write a path that is one of its own: /buy."
