"""What the engine's steps amount to: one change a resource, with its values and what asks for it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin
from pave.reviewing.changes import Property, changes, differences, dotted
from stacks.backend import MARK
from stacks.properties import UNKNOWN
from tests.reviewing.steps import RECORD, STORE, state, step, urn

ORIGIN = Origin("services/shop.yaml", "/spec/stores/0", written=True)

json = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_a_value_that_changes_is_shown_from_what_to_what() -> None:
    old = state(STORE, "db", {"settings": {"diskSize": 50, "tier": "small"}}, protect=True)
    new = state(STORE, "db", {"settings": {"diskSize": 60, "tier": "small"}}, protect=True)
    found = changes([step("update", STORE, "db", old, new)], {urn(STORE, "db"): ORIGIN})
    (change,) = found.found
    assert (change.action, change.name, change.id) == ("update", "db", "id-of-db")
    assert change.properties == [Property("settings.diskSize", 50, 60)]
    assert (change.stateful, change.protected, change.retained) == (True, True, False)
    assert change.origin == ORIGIN
    assert (found.existing, found.unchanged, found.hidden) == (1, 0, 0)


def test_what_is_left_out_is_left_for_later_and_does_not_exist() -> None:
    """The engine calls it `same`, with a state that has no id."""
    nothing = state(STORE, "new", {}) | {"id": ""}
    found = changes(
        [step("same", STORE, "new", nothing, nothing), step("same", STORE, "db", state(STORE, "db", {}))], {}
    )
    assert (found.later, found.existing, found.unchanged, found.found) == (1, 1, 1, [])


def test_the_steps_of_a_replacement_are_one_change_that_says_why() -> None:
    old, new = state(STORE, "db", {"region": "a"}), state(STORE, "db", {"region": "b"})
    why = {"keys": ["region"], "detailedDiff": {"region": {"diffKind": "update-replace"}}}
    steps = [
        step("create-replacement", STORE, "db", old, new, **why),
        step("replace", STORE, "db", old, new, **why),
        step("delete-replaced", STORE, "db", old),
    ]
    for order in (steps, steps[::-1]):
        (change,) = changes(order, {}).found
        assert change.action == "replace"
        assert change.because == ["region"]
        assert change.properties == [Property("region", "a", "b", replaces=True)]


def test_what_is_replaced_with_another_says_which_input_binds_it() -> None:
    same = state(RECORD, "www", {"managedZone": "zone"})
    steps = [
        step("delete-replaced", RECORD, "www", same),
        step("replace", RECORD, "www", same, same),
        step("create-replacement", RECORD, "www", same, same, keys=["managedZone"]),
    ]
    (change,) = changes(steps, {}).found
    assert (change.action, change.because, change.properties) == ("replace", ["managedZone"], [])


def test_changes_come_in_the_order_in_which_the_engine_makes_them() -> None:
    """What something stands on comes before it, and deletions come last, in the engine's own order."""
    there, fresh = state(STORE, "a"), state(RECORD, "b")
    steps = [
        step("create", RECORD, "new", None, fresh),
        step("update", RECORD, "b", state(RECORD, "b", {"ttl": 1}), state(RECORD, "b", {"ttl": 2})),
        step("delete", RECORD, "c", state(RECORD, "c")),
        step("delete", STORE, "a", there),
    ]
    levels = {urn(RECORD, "new"): 1, urn(RECORD, "b"): 2}
    for one in (steps, [steps[1], steps[0], *steps[2:]]):
        assert [(change.action, change.name) for change in changes(one, {}, levels).found] == [
            ("create", "new"),
            ("update", "b"),
            ("delete", "c"),
            ("delete", "a"),
        ]


def test_only_the_inputs_that_need_a_replacement_say_so() -> None:
    """The engine names the whole input `settings`, and of its fields those that differ."""
    old = state(STORE, "db", {"settings": {"collation": "a", "tier": "small"}})
    new = state(STORE, "db", {"settings": {"collation": "b", "tier": "large"}})
    differs = {
        "settings.collation": {"diffKind": "update-replace"},
        "settings.tier": {"diffKind": "update"},
    }
    one = step("replace", STORE, "db", old, new, keys=["settings"], detailedDiff=differs)
    (change,) = changes([one], {}).found
    assert {item.path: item.replaces for item in change.properties} == {
        "settings.collation": True,
        "settings.tier": False,
    }
    assert change.because == ["settings.collation"]


def test_a_change_says_what_it_does_beside_what_it_says() -> None:
    old = state(STORE, "db", {"databaseVersion": "POSTGRES_14", "settings": {"tier": "small"}})
    new = state(STORE, "db", {"databaseVersion": "POSTGRES_16", "settings": {"tier": "large"}})
    (change,) = changes([step("update", STORE, "db", old, new)], {}).found
    assert [(one.kind, one.path) for one in change.consequences] == [
        ("irreversible", "databaseVersion"),
        ("interruption", "settings.tier"),
    ]
    assert change.is_irreversible
    (gone,) = changes([step("delete", RECORD, "www", state(RECORD, "www"))], {}).found
    assert [one.kind for one in gone.consequences] == ["interruption"]
    (anew,) = changes([step("replace", RECORD, "www", state(RECORD, "www"), state(RECORD, "www"))], {}).found
    assert [one.kind for one in anew.consequences] == ["replace"]


def test_components_providers_and_look_ups_are_only_counted() -> None:
    component = state("pave:service:Database", "db", {"origin": {}}, custom=False)
    steps = [
        step("create", "pave:service:Database", "db", None, component),
        step("update", "pulumi:providers:gcp", "gcp", state("pulumi:providers:gcp", "gcp"), component),
        step("read", "pulumi:pulumi:StackReference", "below"),
        step("same", RECORD, "www", state(RECORD, "www"), state(RECORD, "www")),
    ]
    found = changes(steps, {})
    assert found.found == []
    assert (found.hidden, found.existing, found.unchanged) == (2, 1, 1)
    assert not found.is_none


def test_what_no_program_asks_for_has_the_origin_of_its_component() -> None:
    made_for = {"document": "services/shop.yaml", "pointer": "/spec/stores/1", "written": True}
    component = state("pave:service:Database", "old", {"origin": made_for}, custom=False)
    gone = state(STORE, "old", parent=component["urn"])
    steps = [
        step("delete", STORE, "old", gone),
        step("delete", "pave:service:Database", "old", component),
    ]
    (change,) = changes(steps, {}).found
    assert change.origin == Origin("services/shop.yaml", "/spec/stores/1", written=True)


def test_a_refresh_is_where_the_old_values_come_from_and_no_change() -> None:
    left, found_there = state(RECORD, "www", {"ttl": 60}), state(RECORD, "www", {"ttl": 5})
    steps = [
        step("refresh", RECORD, "www", left, left),
        step("update", RECORD, "www", found_there, left),
    ]
    (change,) = changes(steps, {}).found
    assert change.properties == [Property("ttl", 5, 60)]


def test_a_note_of_something_unfinished_is_no_change() -> None:
    note = step("delete", STORE, f"db{MARK}creating-1", state(STORE, "db"))
    assert changes([note], {}).is_none


def test_what_nobody_knows_yet_and_what_is_secret_is_marked() -> None:
    old = state(STORE, "db", {"password": "[secret]", "network": ["a", "n1"]})
    new = state(STORE, "db", {"password": "[secret]", "network": ["a", UNKNOWN]})
    differs = {"password": {"diffKind": "update"}, "network[1]": {"diffKind": "update"}}
    (change,) = changes([step("update", STORE, "db", old, new, detailedDiff=differs)], {}).found
    assert change.properties == [
        Property("network[1]", "n1", "[unknown]"),
        Property("password", None, None),
    ]


def put(data: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed: Any = dict(data) if isinstance(data, dict) else list(data)
    first, *rest = path
    inner = data.get(first) if isinstance(data, dict) else data[first]
    changed[first] = put(inner, tuple(rest), value)
    return changed


@given(json, json)
def test_the_differences_make_one_value_of_the_other(before: Any, after: Any) -> None:
    made = before
    for path, was, now in differences(before, after):
        assert was != now or type(was) is not type(now)
        made = put(made, path, now)
    assert _without_none(made) == _without_none(after)


def _without_none(value: Any) -> Any:
    """An object's key without a value is as good as none."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, list) else value


def test_a_path_is_written_as_the_engine_writes_it() -> None:
    assert dotted(("settings", "flags", 0, "a.b/c", "max_size")) == 'settings.flags[0]["a.b/c"].max_size'


def test_what_stays_and_loses_its_protection_is_told_though_it_is_the_same() -> None:
    kept, bare = state(STORE, "db", protect=True), state(STORE, "db", protect=False)
    for op in ("same", "update"):
        assert changes([step(op, STORE, "db", kept, bare)], {}).unlocked == ("db",)
        assert changes([step(op, STORE, "db", bare, kept)], {}).unlocked == ()
        assert changes([step(op, STORE, "db", kept, kept)], {}).unlocked == ()
    assert changes([step("delete", STORE, "db", kept)], {}).unlocked == ()
