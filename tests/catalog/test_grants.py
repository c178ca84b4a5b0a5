"""How many databases a workload may reach: as many as Google lets one identity log in to."""

from typing import Any

import pytest

from catalog.checks.grants import MOST_CONDITIONS, impossible_grants


def of(databases: int, *workloads: dict[str, Any], **rest: Any) -> dict[str, Any]:
    stores = [{"name": f"db-{i}", "kind": "postgres", **rest} for i in range(databases)]
    return {"spec": {"stores": stores, "workloads": [{"name": "web", **one} for one in workloads]}}


@pytest.mark.parametrize(
    "written",
    [
        of(MOST_CONDITIONS, {}),
        of(100, {"stores": [f"db-{i}" for i in range(MOST_CONDITIONS)]}),
        of(100, {"stores": []}, {"connections": 0}),
        of(100, {}, runtime="vm"),
        {"spec": {"stores": [{"name": f"b-{i}", "kind": "bucket"} for i in range(100)], "workloads": [{}]}},
    ],
)
def test_so_many_are_possible(written: dict[str, Any]) -> None:
    assert list(impossible_grants(written)) == []


def test_more_are_refused_where_they_are_named() -> None:
    named = {"stores": [f"db-{i}" for i in range(MOST_CONDITIONS + 1)]}
    found = list(impossible_grants(of(100, {"stores": ["db-1"]}, named)))
    assert [wrong[0] for wrong in found] == [("spec", "workloads", 1, "stores")]


def test_where_nobody_names_any_it_is_said_once() -> None:
    found = list(impossible_grants(of(MOST_CONDITIONS + 1, {}, {})))
    assert [wrong[0] for wrong in found] == [("spec", "workloads", 0)]
    assert "21 databases, all that there are" in found[0][2]
