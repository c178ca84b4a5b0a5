"""Which of what exists is the service's, and whose the rest is."""

from pathlib import Path
from typing import Any

import pytest

from catalog.document import Json
from catalog.loader import load
from pave.adopting.differences import differences
from pave.adopting.found import FoundResource
from pave.adopting.live import LiveResource, pointer
from pave.adopting.matching import Wanted, matches, wanted
from pave.adopting.owners import Taker, theirs
from stacks.plan import record_stack
from stacks.stack import parse_stack

CATALOG = Path(__file__).parents[2] / "catalog"
STACK = "service.customersdot-today.production"
PROJECT = "acme-subscriptions-prod"
TAKER = Taker(STACK, "customersdot-today", "billing", PROJECT)
ADDRESS = "gcp:compute/globalAddress:GlobalAddress"


@pytest.fixture(scope="module")
def wishes() -> list[Wanted]:
    catalog = load(CATALOG, [CATALOG / "examples" / "customersdot-today.yaml"])
    return wanted(record_stack(catalog, parse_stack(STACK, catalog)))


def found(type_: str, id_: str, **more: Any) -> FoundResource:
    return FoundResource(type=type_, kind=type_, id=id_, project=PROJECT, **more)


def test_all_that_a_plan_has_is_found_by_type_and_id(wishes: list[Wanted]) -> None:
    known = [each for each in wishes if each.expected]
    assert len(known) > 10, "most ids follow from the plan"
    all_there = matches(wishes, [found(each.resource.type, each.expected) for each in known])
    assert [each.wanted for each in all_there.both] == known
    assert all_there.found == []
    assert {each.resource.urn for each in all_there.planned} == {
        each.resource.urn for each in wishes if not each.expected
    }


def test_neither_another_type_nor_another_id_is_it(wishes: list[Wanted]) -> None:
    one = next(each for each in wishes if each.expected.startswith("projects/"))
    near = [found("gcp:redis/instance:Instance", one.expected), found(one.resource.type, one.expected + "-2")]
    assert matches(wishes, near).both == []


def test_an_id_without_a_type_is_what_has_that_id(wishes: list[Wanted]) -> None:
    one = next(each for each in wishes if each.expected.startswith("projects/"))
    (both,) = matches(wishes, [found("", one.expected)]).both
    assert both.found.type == one.resource.type


def test_what_a_person_says_is_it_and_nothing_else_is(wishes: list[Wanted]) -> None:
    one = next(each for each in wishes if each.expected.startswith("projects/"))
    other = found(one.resource.type, "projects/acme-subscriptions-prod/x/y")
    there = [found(one.resource.type, one.expected), other]
    result = matches(wishes, there, {one.resource.name: other.id})
    assert [each.found for each in result.both] == [other]
    assert [each.id for each in result.found] == [one.expected]


def test_what_the_cloud_counts_is_found_by_its_title_unless_two_have_it(wishes: list[Wanted]) -> None:
    one = next(each for each in wishes if each.resource.type.endswith(":AlertPolicy"))
    title = str(one.resource.inputs["displayName"])
    policies = [
        found(one.resource.type, f"projects/{PROJECT}/alertPolicies/{n}", title=title) for n in (3, 4)
    ]
    assert [each.id for each in matches(wishes, policies[:1]).both] == [policies[0].id]
    two = matches(wishes, policies)
    assert two.both == []
    assert [(wish, len(there)) for wish, there in two.unclear] == [(one, 2)]


THEIRS = {
    "another stack": ({"stack": "service_portal_production"}, "another stack's"),
    "another service": ({"service": "portal"}, "another service's"),
    "another team": ({"team": "growth"}, "another team's: its label says team=growth"),
    "Terraform": ({"goog-terraform-provisioned": "true"}, "Terraform manages it"),
    "GKE": ({"goog-k8s-cluster-name": "main"}, "a GKE cluster manages it"),
    "a tool": ({"managed-by": "Crossplane"}, "crossplane manages it"),
}


@pytest.mark.parametrize("whose", THEIRS)
def test_what_bears_somebody_else_s_mark_is_theirs(whose: str) -> None:
    labels, words = THEIRS[whose]
    assert words in theirs(found(ADDRESS, "x", labels=labels), TAKER)


def test_what_bears_no_mark_or_ours_may_be_taken() -> None:
    ours = {"stack": "service_customersdot-today_production", "team": "billing", "managed-by": "pave"}
    for labels in ({}, ours, {"app": "x"}, {"goog-terraform-provisioned": "false"}):
        assert theirs(found(ADDRESS, "x", labels=labels), TAKER) == ""


def test_terraform_hands_over_what_its_own_state_has() -> None:
    marked = {"goog-terraform-provisioned": "true", "managed-by": "terraform"}
    assert theirs(found(ADDRESS, "x", labels=marked, manager="Terraform"), TAKER) == ""
    assert theirs(found(ADDRESS, "x", labels={**marked, "team": "growth"}, manager="Terraform"), TAKER)


def test_another_project_s_is_never_ours() -> None:
    elsewhere = FoundResource(type=ADDRESS, kind="", id="x", project="acme-other")
    assert "it is in project acme-other" in theirs(elsewhere, TAKER)


def live(there: Json, wants: Json, *paths: str) -> LiveResource:
    return LiveResource("urn", "id", there, {}, wants, tuple(map(pointer, paths)))


def test_a_difference_is_as_deep_as_both_sides_are_objects() -> None:
    there = {"settings": {"tier": "small", "flags": [{"name": "a"}]}, "size": 3}
    wants = {"settings": {"tier": "large", "flags": [{"name": "b"}]}, "size": 4, "extra": {"a": 1}}
    found_ = differences(live(there, wants, "settings.tier", "settings.flags[0].name", "size", "extra.a"))
    assert [(each.path, each.is_, each.wants) for each in found_] == [
        ("extra", None, {"a": 1}),
        ("settings.flags", [{"name": "a"}], [{"name": "b"}]),
        ("settings.tier", "small", "large"),
        ("size", 3, 4),
    ]


def test_labels_are_one_difference_and_a_secret_is_kept_by_no_file() -> None:
    there = {"userLabels": {"a": "1", "b/c": "2"}, "password": "[secret]"}
    one, other = differences(live(there, {}, "userLabels.a", 'userLabels["b/c"]', "password"))
    assert (one.path, one.kept) == ("password", None)
    assert other.kept is not None
    assert (other.kept.path, other.kept.value) == ("userLabels", there["userLabels"])
