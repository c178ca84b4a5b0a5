"""A reviewed plan: nothing in it can be changed unnoticed, and it is only good for what it was made from."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.refused import Refused
from pave.reviewing.changes import ResourceChange
from pave.reviewing.saved_plan import (
    Basis,
    ReviewedPlan,
    Stale,
    check_age,
    check_basis,
    check_changes,
    check_made_for,
    encode,
    read_plan,
    sealed,
    state_digest,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
CHANGE = ResourceChange("update", "urn::db", "a:b:C", "db", "", False, False, False, [], [], None)
PLAN = sealed(
    ReviewedPlan(
        stack="service.shop.production",
        cloud="local",
        made=NOW,
        basis=Basis(asked="a", rules="r", state="s", tool="3.258.0", commit=None),
        refresh=False,
        changes=[CHANGE],
        engine={"resourcePlans": {"urn::db": {"steps": ["update"]}}, "manifest": {"time": "now"}},
    )
)


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text(encode(PLAN), "utf-8")
    assert read_plan(tmp_path / "plan") == PLAN


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for key, item in enumerate(value) for leaf in leaves(item, (*path, key))]
    return [path]


LEAVES = leaves(msgspec.to_builtins(PLAN))


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_whatever_is_changed_in_its_file_is_noticed(path: tuple[Any, ...], tmp_path: Path) -> None:
    whole = msgspec.to_builtins(PLAN)
    at = whole
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = {"True": False, "False": True}.get(str(at[path[-1]]), "else")
    (tmp_path / "plan").write_bytes(msgspec.json.encode(whole))
    with pytest.raises(Refused, match=r"was changed after it was made|is no reviewed plan"):
        read_plan(tmp_path / "plan")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "PlanReport"}', "\x00"])
def test_what_is_no_plan_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "plan").write_text(text)
    with pytest.raises(Refused, match="is no reviewed plan"):
        read_plan(tmp_path / "plan")


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="can't be read: No such file"):
        read_plan(tmp_path / "plan")


@pytest.mark.parametrize(("stack", "cloud"), [("service.shop.staging", "local"), (PLAN.stack, "gcp")])
def test_a_plan_is_for_its_own_stack_and_cloud(stack: str, cloud: str) -> None:
    check_made_for(PLAN, PLAN.stack, "local")
    with pytest.raises(Refused, match="was made for the"):
        check_made_for(PLAN, stack, cloud)


@given(st.timedeltas(timedelta(hours=-48), timedelta(hours=96)))
def test_a_plan_has_its_time(age: timedelta) -> None:
    if timedelta(minutes=-5) <= age <= DAY:
        check_age(PLAN, NOW + age, DAY)
    else:
        with pytest.raises(Stale, match="yet to come" if age < DAY else "--max-age"):
            check_age(PLAN, NOW + age, DAY)


@pytest.mark.parametrize(
    ("name", "words"),
    [("asked", "catalog"), ("rules", "rules"), ("state", "updated since"), ("tool", "Pulumi CLI")],
)
def test_a_plan_is_only_good_for_what_it_was_made_from(name: str, words: str) -> None:
    check_basis(PLAN, msgspec.structs.replace(PLAN.basis, commit="of another day"))
    with pytest.raises(Stale, match=words):
        check_basis(PLAN, msgspec.structs.replace(PLAN.basis, **{name: "else"}))


def test_a_plan_is_only_good_for_the_changes_that_it_shows() -> None:
    check_changes(PLAN, [CHANGE])
    other = msgspec.structs.replace(CHANGE, urn="urn::www")
    for now in ([], [CHANGE, other], [msgspec.structs.replace(CHANGE, action="delete")]):
        with pytest.raises(Stale, match="Other changes"):
            check_changes(PLAN, now)


def test_the_digest_of_a_state_is_of_what_it_holds_and_not_of_when() -> None:
    state = {"resources": [{"urn": "a"}], "manifest": {"time": "now"}}
    assert state_digest(state) == state_digest({**state, "manifest": {"time": "later"}})
    assert state_digest(state) != state_digest({**state, "resources": []})
    assert state_digest(state) != state_digest({**state, "pending_operations": [{"type": "creating"}]})
    assert state_digest(None) == state_digest({"resources": []})
