"""Which fixes hold, with rules made up for the purpose: an engine that says what a test tells it."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catalog.loader import Catalog, load
from pave.fixing.mender import Mender
from pave.fixing.mending import Mending
from pave.fixing.rejudging import StandingJudge, affected
from policies.engines.answer import RawFinding
from policies.rule import Rule
from tests.conftest import HOME
from tests.fixing.test_fix import SERVICE

STORES = "  stores: [{name: db, kind: postgres, backup: {retained: 3}}]\n"


class Wish(NamedTuple):
    """A rule's wish: another value at a path of the spec, if the spec is so."""

    rule: str
    path: tuple[str | int, ...]
    value: Any
    applies: Callable[[dict[str, Any]], bool]


class Engine:
    def __init__(self, wishes: list[Wish]) -> None:
        self._wishes = wishes

    def evaluate(self, document: bytes) -> list[RawFinding]:
        return list(self._found(json.loads(document)["spec"]["service"]["spec"]))

    def _found(self, spec: dict[str, Any]) -> Iterator[RawFinding]:
        for wish in self._wishes:
            if wish.applies(spec):
                path = ("service", "spec", *wish.path)
                yield RawFinding(wish.rule, path, {"expected": wish.value}, "failed")


def rule(name: str, severity: Any = "error") -> Rule:
    return Rule(
        id=name,
        pillar="cost",
        title=name,
        description="Why.",
        level=1,
        severity=severity,
        stages=("spec",),
        message=f"{name} fails.",
        remediation="Mend it.",
        references=(),
    )


@pytest.fixture
def mend(tmp_path: Path) -> Callable[..., Mending]:
    """Mends the portal by some wishes; rules whose names start with `cost/next` never block."""
    path = tmp_path / "portal.yaml"
    path.write_text(SERVICE + STORES, "utf-8")
    catalog = load(HOME / "catalog", [path])

    def run(*wishes: Wish) -> Mending:
        names = {wish.rule for wish in wishes}
        rules = {name: rule(name, "info" if name.startswith("cost/next") else "error") for name in names}
        judge = StandingJudge(lambda: Engine(list(wishes)), rules, date(2026, 11, 21))
        return Mender(catalog, judge, [catalog.shown(path)], rules).mend(None)

    return run


def written(done: Mending) -> list[tuple[str, str | None, str]]:
    return [(fix.finding.rule, fix.was, fix.now) for fix in done.fixes]


def reasons(done: Mending) -> list[tuple[str, str]]:
    return [(left.finding.rule, left.reason) for left in done.left]


def retained(spec: dict[str, Any]) -> Any:
    return spec["stores"][0]["backup"]["retained"]


RETAINED = ("stores", 0, "backup", "retained")
LOG_DAYS = ("stores", 0, "backup", "logDays")
WAF_MODE = ("edge", "waf", "mode")


def waf_mode(spec: dict[str, Any]) -> Any:
    return spec["edge"]["waf"]["mode"]


def test_a_value_that_removes_the_finding_holds(mend: Callable[..., Mending]) -> None:
    done = mend(Wish("cost/a", RETAINED, 7, lambda spec: retained(spec) < 7))
    assert written(done) == [("cost/a", "3", "7")]
    assert (done.left, done.blocking) == ([], 0)


def test_a_value_that_does_not_remove_the_finding_is_taken_back(mend: Callable[..., Mending]) -> None:
    done = mend(Wish("cost/a", RETAINED, 7, lambda _: True))
    assert (done.documents, done.fixes, done.blocking) == ({}, [], 1)
    assert reasons(done) == [("cost/a", "With 7, the finding stays.")]


def test_a_value_that_the_schema_refuses_is_taken_back(mend: Callable[..., Mending]) -> None:
    done = mend(Wish("cost/a", RETAINED, -1, lambda spec: retained(spec) > 0))
    assert done.documents == {}
    assert reasons(done) == [("cost/a", "With -1, `retained` is -1 backups. Write at least 1 backup.")]


def test_of_two_rules_that_disagree_the_first_is_served(mend: Callable[..., Mending]) -> None:
    done = mend(
        Wish("cost/next-a", RETAINED, 7, lambda spec: retained(spec) != 7),
        Wish("cost/next-b", RETAINED, 8, lambda spec: retained(spec) != 8),
    )
    assert written(done) == [("cost/next-a", "3", "7")]
    assert reasons(done) == [("cost/next-b", "With 8, cost/next-a is broken again.")]


def test_a_value_that_needs_another_is_written_together_with_it(mend: Callable[..., Mending]) -> None:
    done = mend(
        Wish("cost/a", RETAINED, 30, lambda spec: retained(spec) < 30),
        Wish(
            "cost/b",
            LOG_DAYS,
            5,
            lambda spec: retained(spec) == 30 and spec["stores"][0]["backup"]["logDays"] != 5,
        ),
    )
    assert written(done) == [("cost/a", "3", "30"), ("cost/b", None, "5")]
    (document,) = done.documents.values()
    assert document.text.decode().endswith("backup: {retained: 30, logDays: 5}}]\n")


def test_a_value_that_needs_one_that_can_not_be_written_is_taken_back(mend: Callable[..., Mending]) -> None:
    done = mend(
        Wish("cost/a", RETAINED, 30, lambda spec: retained(spec) < 30),
        Wish("cost/b", LOG_DAYS, "x", lambda spec: retained(spec) == 30),
    )
    assert done.documents == {}
    assert reasons(done) == [("cost/a", "With 30, cost/b blocks portal in production: cost/b fails.")]


def test_what_did_not_hold_at_first_is_tried_again_after_another_fix(mend: Callable[..., Mending]) -> None:
    done = mend(
        Wish("cost/a", RETAINED, 30, lambda spec: retained(spec) < 30 or waf_mode(spec) == "preview"),
        Wish("cost/next-b", WAF_MODE, "enforce", lambda spec: waf_mode(spec) == "preview"),
    )
    assert written(done) == [("cost/next-b", None, "enforce"), ("cost/a", "3", "30")]


def test_what_only_the_owner_can_make_true_is_not_tried(mend: Callable[..., Mending]) -> None:
    done = mend(Wish("cost/a", ("dataClass",), "red", lambda spec: spec["dataClass"] is None))
    assert (done.documents, done.fixes, done.blocking) == ({}, [], 1)
    said = "Only you can make `dataClass: red` true: it says which data it holds. Make it so, then write it."
    assert reasons(done) == [("cost/a", said)]


def test_a_value_that_needs_the_owners_word_is_taken_back(mend: Callable[..., Mending]) -> None:
    done = mend(
        Wish("cost/a", RETAINED, 30, lambda spec: retained(spec) < 30),
        Wish("cost/b", ("stores", 0, "need"), "soft", lambda spec: retained(spec) == 30),
    )
    assert done.documents == {}
    assert reasons(done) == [("cost/a", "With 30, cost/b blocks portal in production: cost/b fails.")]


def test_an_item_of_a_list_that_nobody_wrote_is_left_to_its_owner(mend: Callable[..., Mending]) -> None:
    done = mend(Wish("cost/a", ("endpoints", 0, "weight"), 2, lambda _: True))
    assert reasons(done) == [("cost/a", "It is on an item of a list that nobody wrote.")]


def test_a_fix_is_only_seen_in_what_it_returns(mend: Callable[..., Mending], tmp_path: Path) -> None:
    mend(Wish("cost/a", RETAINED, 7, lambda spec: retained(spec) < 7))
    assert (tmp_path / "portal.yaml").read_text("utf-8") == SERVICE + STORES


def test_a_catalog_with_another_text_leaves_the_first_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "portal.yaml"
    path.write_text(SERVICE, "utf-8")
    catalog = load(HOME / "catalog", [path])
    name = catalog.shown(path)
    changed = catalog.with_text(name, SERVICE.replace("stage: ga", "stage: beta").encode())
    broken = catalog.with_text(name, SERVICE.replace("stage: ga", "stage: gamma").encode())
    assert [stage(one) for one in (catalog, changed)] == ["ga", "beta"]
    assert "portal" not in broken.documents["Service"]
    assert len(broken.problems) == len(catalog.problems) + 1
    assert list(catalog.documents["Service"]) == list(changed.documents["Service"])


def stage(catalog: Catalog) -> Any:
    return catalog.documents["Service"]["portal"].data["spec"]["stage"]


def test_a_document_has_a_part_in_the_verdict_on_all_that_need_it(tmp_path: Path) -> None:
    both = "  environments: [{name: production}, {name: staging}]\n"
    needs = "  dependencies: [{name: it, service: NAME}]\n"
    texts = {
        "base": both,
        "user": needs.replace("NAME", "base"),
        "far": needs.replace("NAME", "user"),
        "other": both,
    }
    paths = [tmp_path / f"{name}.yaml" for name in texts]
    for path, more in zip(paths, texts.values(), strict=True):
        path.write_text(SERVICE.replace("name: portal", f"name: {path.stem}") + more, "utf-8")
    catalog = load(HOME / "catalog", paths)
    found = set(affected(catalog, catalog.documents["Service"]["base"]))
    assert found == {
        ("base", "production"),
        ("base", "staging"),
        ("user", "production"),
        ("far", "production"),
    }
    staging = set(affected(catalog, catalog.documents["Environment"]["staging"]))
    assert {name for _, name in staging} == {"staging", "staging.load-test"}
    assert {(None, "staging"), ("base", "staging"), ("other", "staging")} <= staging
