"""What is wrong with what watches an environment, and with what all of that writes to."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.loader import load
from tests.conftest import HOME

UNIT, HUB = "units/production.yaml", "globals/production.yaml"


@pytest.fixture
def wrong(tmp_path: Path) -> Callable[[str, Callable[[Any], None]], list[tuple[str, str]]]:
    """(rule, path) of all that is wrong with the shipped catalog once the spec in a file is changed."""

    def found(path: str, change: Callable[[Any], None]) -> list[tuple[str, str]]:
        root = tmp_path / "catalog"
        shutil.copytree(HOME / "catalog", root)
        kind = {UNIT: "ObservabilityUnit", HUB: "ObservabilityGlobal"}[path]
        data = json.loads(json.dumps(load(root).documents[kind]["production"].data))
        change(data["spec"])
        (root / path).write_text(json.dumps(data), "utf-8")  # YAML 1.2 contains JSON
        catalog = load(root)
        document = catalog.documents[kind].get("production")
        dangling = [] if document is None else catalog.dangling(document)
        return [(each.rule, each.path) for each in (*catalog.problems, *dangling)]

    return found


Wrong = Callable[[str, Callable[[Any], None]], list[tuple[str, str]]]


def test_what_is_shipped_has_nothing_wrong(wrong: Wrong) -> None:
    assert wrong(HUB, lambda _: None) == []


@pytest.mark.parametrize("path", [UNIT, HUB])
def test_receivers_are_told_apart_and_can_be_reached(wrong: Wrong, path: str) -> None:
    def change(spec: Any) -> None:
        spec["receivers"] = [
            {"name": "pager", "kind": "pagerduty", "url": "https://pager.example"},
            {"name": "pager", "kind": "webhook"},
        ]

    assert wrong(path, change) == [
        ("catalog/receiver", "spec.receivers[pager].url"),
        ("catalog/unique-name", "spec.receivers[pager].name"),
        ("catalog/receiver", "spec.receivers[pager].kind"),
    ]


def test_a_copy_is_written_where_it_can_be_made_up_for_too(wrong: Wrong) -> None:
    def change(spec: Any) -> None:
        spec["global"]["url"] = "https://metrics.acme.example/receive"

    ((rule, path),) = wrong(UNIT, change)
    assert (rule, path) == ("schema/pattern", "spec.global.url")


def test_a_unit_that_writes_there_is_a_tenant_there(wrong: Wrong) -> None:
    assert wrong(HUB, lambda spec: spec["tenants"].pop()) == [("catalog/tenant", "spec.tenants")]


def test_neither_a_unit_nor_a_team_is_named_twice(wrong: Wrong) -> None:
    def change(spec: Any) -> None:
        spec["tenants"].append({"unit": "staging", "account": 3})
        spec["readers"].append({"team": "platform", "dataClasses": ["green"]})

    assert {rule for rule, _ in wrong(HUB, change)} == {"catalog/unique-name"}


def test_units_teams_and_owners_are_ones_that_there_are(wrong: Wrong) -> None:
    def change(spec: Any) -> None:
        spec["owner"] = "nobody"
        spec["tenants"].append({"unit": "elsewhere", "account": 3})
        spec["readers"].append({"team": "strangers", "dataClasses": ["green"]})

    found = wrong(HUB, change)
    assert {rule for rule, _ in found} == {"catalog/reference"}
    assert len(found) == 3
