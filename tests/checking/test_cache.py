"""The cache of verdicts: it never says what a cold run would not, and judges again only what may differ."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from catalog.editing.edit import put
from catalog.yaml.parsed import Pointer
from pave.checking import cache as verdict_cache
from pave.checking.cache import program_digest
from tests.checking.changing_world import EDITS, IMAGE, PLACES, Edit, World, needs, service, set_value
from tests.laws import law
from tests.repository import committed

CIRCLE = "reliability/dependencies-are-acyclic"
DEPENDENCIES = ("spec", "dependencies")
CRON = [{"name": "nightly", "kind": "cron", "image": IMAGE, "schedule": "0 4 * * *"}]


@pytest.mark.slow
@law(25, without=list(HealthCheck))
@given(data=st.data())
def test_after_any_edits_the_cache_says_what_a_cold_run_says(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, home: Path
) -> None:
    world = World(tmp_path_factory.mktemp("world"), home)
    world.check()
    for edit in data.draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=6), "edits"):
        edit(world, data)
        cold = world.cold()
        assert [world.check(), world.check()] == [cold, cold]


@pytest.mark.parametrize(
    ("edit", "subject"),
    [
        (set_value("services/ledger.yaml", ("spec", "dependencies"), needs("lonely")), "lonely"),
        (set_value("services/billing.yaml", ("spec", "availability"), {"target": 90.0}), "portal"),
        (set_value("services/lonely.yaml", ("spec", "edge"), {"host": "ledger.acme.example"}), "ledger"),
        (set_value("vendors/zuora.yaml", ("spec", "availability"), 50.0), "portal"),
        (set_value("teams/fulfillment-platform.yaml", ("spec", "onCall"), {"coverage": "none"}), "billing"),
        (set_value("environments/production.yaml", ("spec", "purpose"), "staging"), "ledger"),
        (set_value("environments/staging.yaml", ("spec", "dns", "domain"), "acme.example"), "ledger"),
        (set_value("services/billing.yaml", ("spec", "environments"), [{"name": "production"}]), "portal"),
        (set_value("services/ledger.yaml", ("spec", "workloads"), CRON), "billing"),
        (lambda world, _: world.delete("services/ledger.yaml"), "billing"),
        (lambda world, _: world.delete("teams/workplace.yaml"), "lonely"),
        (lambda world, _: world.delete("waivers/db.yaml"), "billing"),
        (lambda world, _: setattr(world, "today", "2027-06-01"), "billing"),
        (lambda world, _: world.change_rule("security/data-class-is-declared", level=1), "ledger"),
        (lambda world, _: world.change_rule("security/data-class-is-declared", message="Other."), "ledger"),
        (lambda world, _: world.toggle_guide(), "guided"),
    ],
)
def test_what_happens_elsewhere_changes_a_verdict(world: World, edit: Edit, subject: str) -> None:
    world.write("services/guided.yaml", service("guided", links=[{"kind": "runbook", "url": "/guide.md"}]))
    world.toggle_guide()
    before = world.cold()
    assert world.check() == before
    edit(world, None)
    after = world.cold()
    assert about(subject, before) != about(subject, after)
    assert [world.check(), world.check()] == [after, after]


def test_a_link_is_followed_from_wherever_the_catalog_is_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write("services/guided.yaml", service("guided", links=[{"kind": "runbook", "url": "/guide.md"}]))
    monkeypatch.chdir(world.folder)
    world.called = "catalog"
    assert "There is no file at `/guide.md`." in world.check()[1]
    world.toggle_guide()
    monkeypatch.chdir(world.folder / "bundle")
    world.called = "../catalog"
    assert world.check() == world.cold()


def test_a_circle_that_closes_far_away_changes_a_verdict(world: World) -> None:
    world.write(
        "services/billing.yaml", put(world.documents["services/billing.yaml"], DEPENDENCIES, needs("ledger"))
    )
    before = world.cold()
    assert world.check() == before
    world.write(
        "services/ledger.yaml", put(world.documents["services/ledger.yaml"], DEPENDENCIES, needs("portal"))
    )
    after = world.cold()
    assert CIRCLE not in json.dumps(about("portal", before))
    assert CIRCLE in json.dumps(about("portal", after))
    assert [world.check(), world.check()] == [after, after]


def about(subject: str, checked: tuple[int, str, str]) -> list[Any]:
    """All that a report says of one service."""
    report = json.loads(checked[1])
    decisions = [decision for decision in report["decisions"] if decision["service"] == subject]
    problems = [p for p in report["problems"] if p["document"] == f"services/{subject}.yaml"]
    return [*decisions, *problems]


def test_an_unchanged_catalog_is_not_judged_again(world: World) -> None:
    assert world.asked() == 0


@pytest.mark.parametrize(
    ("path", "at", "value", "asked"),
    [
        ("services/lonely.yaml", ("spec", "tier"), "standard", 2),  # and the environment that it shares
        (
            "services/portal.yaml",
            ("spec", "stage"),
            "beta",
            4,
        ),  # it runs in two environments, which it shares
        ("services/ledger.yaml", ("spec", "stage"), "beta", 4),  # what other services see of it is as it was
        (
            "services/ledger.yaml",
            ("metadata", "owner"),
            "workplace",
            4,
        ),  # billing sees its owner, portal does not
        ("services/lonely.yaml", ("spec", "dependencies"), needs("ledger"), 3),
        ("services/lonely.yaml", ("spec", "edge"), {"host": "portal.acme.example"}, 2),
        ("waivers/db.yaml", ("spec", "reason"), "It is being moved.", 1),
        ("environments/staging.yaml", ("spec", "dns", "ttlSeconds"), 60, PLACES),  # may concern everybody
        ("teams/workplace.yaml", ("spec", "email"), "workplace@example.com", PLACES),
    ],
)
def test_only_what_an_edit_may_concern_is_judged_again(
    world: World, path: str, at: Pointer, value: Any, asked: int
) -> None:
    world.write(path, put(world.documents[path], at, value))
    assert (world.asked(), world.asked()) == (asked, 0)
    assert world.check() == world.cold()


def test_another_version_of_the_program_or_of_the_rules_judges_all_again(world: World) -> None:
    world.program = b"the next version"
    assert (world.asked(), world.asked()) == (PLACES, 0)
    world.revise_the_rules()
    assert (world.asked(), world.asked()) == (PLACES, 0)


def test_a_service_that_is_back_as_it_was_is_not_judged_again(world: World) -> None:
    before = world.documents["services/lonely.yaml"]
    world.write("services/lonely.yaml", put(before, ("spec", "tier"), "standard"))
    world.check()
    world.write("services/lonely.yaml", before)
    assert world.asked() == 0


def test_a_part_of_the_catalog_shares_what_is_known_of_the_whole(world: World) -> None:
    world.question = [str(world.folder / "catalog" / "services" / "portal.yaml")]
    assert world.asked() == 0
    world.question = ["--env", "staging"]
    assert world.asked() == 0


def test_a_baseline_shares_it_too(world: World) -> None:
    committed(world.folder)
    path = "services/lonely.yaml"
    world.write(path, put(world.documents[path], ("spec", "tier"), "standard"))
    world.question = ["--baseline", "HEAD"]
    assert world.asked() == 2
    assert world.check() == world.cold()


def test_the_program_is_known_by_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (*verdict_cache.PROGRAM, "catalog/schema"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(verdict_cache, "HOME", tmp_path)
    seen = {program_digest()}
    code = ("catalog/a.py", "components/design/b.py", "policies/c.py")
    for name in (*code, "catalog/schema/d.json", "pave/e.j2"):
        (tmp_path / name).write_text("1", "utf-8")
        seen.add(program_digest())
        (tmp_path / name).write_text("2", "utf-8")
        seen.add(program_digest())
    assert len(seen) == 11
