"""What of a refresh is drift."""

from typing import Any

import pytest

from pave.reviewing.drift import drift
from tests.reviewing.steps import RECORD, STORE, state, step


def database(**settings: Any) -> dict[str, Any]:
    return state(STORE, "db", {"settings": {"tier": "small", "diskSize": 50} | settings})


def found(old: Any, new: Any) -> list[list[str]]:
    changes = drift([step("update", STORE, "db", old, new)]).found
    return [[item.path for item in change.properties] for change in changes]


def test_a_disk_that_grew_by_itself_is_no_drift() -> None:
    assert found(database(), database(diskSize=80)) == []
    assert found(database(diskAutoresize=True), database(diskAutoresize=True, diskSize=80)) == []


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"diskAutoresize": False}, {"diskAutoresize": False, "diskSize": 80}, ["settings.diskSize"]),
        ({}, {"diskSize": 40}, ["settings.diskSize"]),
        ({}, {"tier": "large", "diskSize": 80}, ["settings.tier"]),
    ],
)
def test_what_somebody_changed_is_drift(old: Any, new: Any, paths: list[str]) -> None:
    assert found(database(**old), database(**new)) == [paths]


def test_what_is_gone_comes_first() -> None:
    steps = [
        step("update", RECORD, "a", state(RECORD, "a", {"ttl": 1}), state(RECORD, "a", {"ttl": 2})),
        step("delete", RECORD, "b", state(RECORD, "b")),
    ]
    for order in (steps, steps[::-1]):
        assert [change.name for change in drift(order).found] == ["b", "a"]


def test_what_is_gone_is_drift_and_an_output_is_none() -> None:
    gone = drift([step("delete", RECORD, "www", state(RECORD, "www"))])
    assert [(change.action, change.consequences) for change in gone.found] == [("delete", [])]
    same = state(RECORD, "www", {"ttl": 1})
    assert drift([step("update", RECORD, "www", same, {**same, "outputs": {"status": "x"}})]).found == []
