"""Words for people: no value moves the cursor, long ones are cut, and every place can be opened."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin
from catalog.loader import load
from pave.delivery.reports import PROGRAMS
from pave.local_cloud.faults import FAULTS
from pave.refused import Refused
from pave.reports.output import Output, outputs
from pave.reviewing.advice import advice
from pave.reviewing.changes import Changes, Property, ResourceChange, counted
from pave.reviewing.wording import (
    VALUE,
    describe_changes,
    difference,
    kind,
    places,
    plain,
    tally,
    value,
)
from stacks.providers.consequence import Consequence, Kind

NOWHERE = places(load(Path("/nowhere")), str)


def change(action: Any, token: str, name: str, properties: tuple[Property, ...] = ()) -> ResourceChange:
    return ResourceChange(
        action, f"urn::{name}", token, name, "", False, False, False, list(properties), [], None
    )


@given(st.text())
def test_no_text_moves_the_cursor_or_turns_the_direction(text: str) -> None:
    assert plain(text).isprintable()


@given(
    st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_a_value_is_one_line_of_a_bearable_length(found: Any) -> None:
    assert value(found).isprintable()
    assert len(value(found)) <= VALUE


def test_a_difference_reads_from_left_to_right() -> None:
    assert difference(Property("settings.diskSize", 50, 60)) == "settings.diskSize: 50 → 60"
    assert difference(Property("labels.team", None, "a")) == 'labels.team: (none) → "a"'
    assert difference(Property("password", "[secret]", "[unknown]")) == "password: (secret) → (known later)"
    assert difference(Property("password", None, None)) == "password changes"


def test_kinds_are_named_by_what_they_belong_to() -> None:
    assert kind("gcp:sql/databaseInstance:DatabaseInstance") == "sql DatabaseInstance"
    assert kind("kubernetes:apps/v1:Deployment") == "kubernetes Deployment"


def test_new_resources_stand_together_under_the_line_that_asks_for_them(shipped: Path) -> None:
    origin = Origin("services/customersdot.yaml", "/spec/stores/0", written=True)
    found = [
        ResourceChange(
            "create", f"urn::{n}", "gcp:sql/user:User", str(n), "", False, False, False, [], [], origin
        )
        for n in range(3)
    ]
    lines = describe_changes(Changes(found, 0, 0), places(load(shipped), lambda path: f"catalog/{path}"), 80)
    texts = [line.text for line in lines]
    assert texts[0] == "  + create 3 × sql User"
    file, line, column = texts[1].split(":")
    assert file.strip() == "catalog/services/customersdot.yaml"
    at = (shipped / "services/customersdot.yaml").read_text("utf-8").splitlines()[int(line) - 1]
    assert at[int(column) - 1 :].startswith("name: db")


def test_a_place_in_a_file_that_is_gone_says_so() -> None:
    assert NOWHERE(Origin("services/gone.yaml", "", written=True)) == "services/gone.yaml, which is gone"
    assert NOWHERE(None) == ""


def consequence(kind: Kind, what: str = "it stops") -> Consequence:
    return Consequence(kind, "input", what, "whoever uses it", "https://example.com/why")


def with_consequence(action: Any, name: str, one: Consequence) -> ResourceChange:
    return msgspec.structs.replace(change(action, "a:b:C", name), consequences=[one])


def test_a_change_says_where_the_way_back_ends_and_what_is_deleted_after() -> None:
    found = [
        change("update", "a:b:C", "first"),
        with_consequence("update", "second", consequence("irreversible", "it is upgraded for good")),
        change("create", "a:b:C", "third"),
        with_consequence("delete", "old", consequence("interruption")),
        with_consequence("delete", "older", consequence("interruption")),
    ]
    assert [line.text for line in describe_changes(Changes(found, 4, 0), NOWHERE, 200)] == [
        "  ~ update b C first",
        "  ── from here on there is no way back ──",
        "  ~ update b C second",
        "      ! can't be undone: it is upgraded for good. Noticed by whoever uses it.",
        "        https://example.com/why",
        "  + create b C third",
        "  then, when all of that is done:",
        "  - delete 2 × b C",
        "      ! interrupts: old, older: it stops. Noticed by whoever uses it.",
        "        https://example.com/why",
    ]


@pytest.mark.parametrize("width", [60, 80])
def test_what_is_said_of_a_change_is_cut_between_words(width: int) -> None:
    one = consequence("restart", "its pods are replaced a few at a time, " * 4)
    lines = [*describe_changes(Changes([with_consequence("update", "x", one)], 1, 0), NOWHERE, width)]
    assert all(len(line.text) <= width for line in lines)
    assert " ".join(line.text.strip() for line in lines).count("replaced") == 4


def test_a_long_value_is_cut_between_words() -> None:
    found = value(["one-rather-long-word", "another-rather-long-word", "a-third-one"])
    assert found == '["one-rather-long-word",…'
    assert value("x" * 100) == f'"{"x" * (VALUE - 2)}…'


def test_the_tally_counts_what_there_is() -> None:
    found = [change("create", "a:b:C", "x"), change("delete", "a:b:C", "y")]
    assert tally(Changes(found, 4, 0)) == "1 to create, 1 to delete, 3 unchanged"
    assert tally(Changes(found, 4, 0, 2)) == "1 to create, 1 to delete, 2 left for later, 3 unchanged"


def test_a_replacement_counts_twice_where_terraform_counts() -> None:
    found = [change(action, "a:b:C", action) for action in ("create", "update", "replace", "delete")]
    assert counted(found) == {"create": 2, "update": 1, "delete": 2}
    assert json.dumps(counted([])) == '{"create": 0, "update": 0, "delete": 0}'


def test_an_output_is_a_format_and_a_file() -> None:
    assert outputs(["terraform=tf.json", "json=a=b"], PROGRAMS) == [
        Output("terraform", Path("tf.json")),
        Output("json", Path("a=b")),
    ]
    for word in ("tf.json", "terraform=", "text=a", "=a"):
        with pytest.raises(Refused, match="is not FORMAT=FILE"):
            outputs([word], PROGRAMS)


@pytest.mark.parametrize("code", FAULTS)
def test_whatever_the_local_cloud_can_do_to_an_update_has_advice(code: str) -> None:
    assert advice(FAULTS[code].message)


def test_an_error_that_nobody_knows_has_none() -> None:
    assert advice("The moon is in the wrong phase.") == ""


def test_two_long_values_are_shown_from_where_they_differ() -> None:
    old, new = (f"us-docker.pkg.dev/acme-registry/customersdot/app@sha256:{sign * 64}" for sign in "ab")
    said = difference(Property("spec.image", old, new))
    assert said == f"spec.image: …@sha256:{'a' * 38}… → …@sha256:{'b' * 38}…"
