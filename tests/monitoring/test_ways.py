"""Ways of users through several endpoints: what a spec may say of them, and what is recorded."""

import shutil
from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.model import Unmeasured
from components.design.monitoring.monitored import monitored
from tests.command import pave
from tests.conftest import HOME

SPEC = "services/customersdot.yaml"


def with_way(way: str) -> Catalog:
    text = (HOME / "catalog" / SPEC).read_text("utf-8")
    changed = text.replace("  endpoints:", f"  journeys: [{way}]\n  endpoints:", 1).encode()
    return load(HOME / "catalog").with_text(SPEC, changed)


def problems(way: str) -> list[tuple[str, str, str]]:
    catalog = with_way(way)
    found = service_at(catalog, "customersdot", "production")
    assert isinstance(found, list), "it can be used"
    return [(each.rule, each.path, each.fix) for each in found]


@pytest.mark.parametrize(
    ("more", "objective"),
    [("", 99.9), (", availability: 99.5", 99.5)],
)
def test_a_way_promises_what_its_steps_do_or_what_is_said(more: str, objective: float) -> None:
    catalog = with_way(f"{{name: buy, title: Sign in and buy, steps: [sign-in, purchase]{more}}}")
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    (watch,) = [each for each in monitored(catalog, service).watches if each.name.endswith("buy-outside")]
    assert watch.sli is not None
    assert watch.sli.objective == pytest.approx(objective, abs=0.0005)
    assert watch.alerts == [], "each of its steps has its own"
    assert watch.recordings


def test_a_way_through_what_nobody_may_ask_is_told_as_unmeasured() -> None:
    catalog = with_way("{name: sync, title: Sync, steps: [sign-in, seat-sync]}")
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    gaps = [each for each in monitored(catalog, service).gaps if each.name == "sync"]
    assert [type(each) for each in gaps] == [Unmeasured]
    assert "nobody knows a path of seat-sync" in gaps[0].why


def test_a_step_that_is_no_endpoint_and_a_name_that_is_one_are_said_where_they_stand() -> None:
    assert problems("{name: buy, title: Buy, steps: [sign-in, purchse]}") == [
        ("catalog/reference", "spec.journeys[buy].steps[1]", "Did you mean `purchase`?")
    ]
    assert problems("{name: purchase, title: Buy, steps: [sign-in, purchase]}") == [
        (
            "catalog/unique-name",
            "spec.journeys[purchase].name",
            "Give the way through several a name of its own.",
        )
    ]


def test_two_ways_of_one_name_and_a_way_of_one_step_are_none() -> None:
    way = "{name: buy, title: Buy, steps: [sign-in, purchase]}"
    for ways in (f"{way}, {way}", "{name: buy, title: Buy, steps: [sign-in]}"):
        catalog = with_way(ways)
        assert catalog.problems[0].path.startswith("spec.journeys[")


def test_it_is_told_in_words(tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(HOME / "catalog", root)
    text = (root / SPEC).read_text("utf-8")
    way = "  journeys: [{name: buy, title: Sign in and buy, steps: [sign-in, purchase]}]\n  endpoints:"
    (root / SPEC).write_text(text.replace("  endpoints:", way, 1), "utf-8")
    done = pave(tmp_path, "monitor", "show", "customersdot", "--env", "production", "--catalog", str(root))
    said = " ".join(done.stdout.split())
    assert (
        "buy: 99.9 % of the times at which sign-in, purchase are asked from outside, all answer with 2xx"
        in said
    )
    assert "only recorded, for its budget" in said
