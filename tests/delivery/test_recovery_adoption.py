"""What is made of the state of an update that was cut off: decided without an engine or a cloud."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.delivery.recovery.adoption import IdsUnknown, id_of, settled, with_notes
from stacks.backend import MARK, CutOff, cut_off, note_of

Json = dict[str, Any]
HEAD = "urn:pulumi:dev::pave::"
PROVIDER = f"{HEAD}pulumi:providers:gcp::gcp"
ADDRESS = "gcp:compute/address:Address"
NAMES = [f"a{number}" for number in range(6)]


def urn(name: str) -> str:
    return f"{HEAD}pave:test:Area${ADDRESS}::{name}"


def id_(name: str) -> str:
    return f"projects/acme/regions/us-east1/addresses/{name}"


def record(name: str, **more: Any) -> Json:
    """An address, which needs its area, its provider and, from the second on, the one before it."""
    needed = [urn(NAMES[NAMES.index(name) - 1])] if name in NAMES[1:] else []
    return {
        "urn": urn(name),
        "custom": True,
        "type": ADDRESS,
        "inputs": {"name": name, "region": "us-east1"},
        "parent": f"{HEAD}pave:test:Area::area",
        "provider": f"{PROVIDER}::1",
        "dependencies": needed,
        "protect": True,
        **more,
    }


def known(name: str, **more: Any) -> Json:
    return record(name, id=id_(name), outputs={"address": "192.0.2.1"}, **more)


def deployment(resources: list[Json], pending: list[tuple[str, Json]]) -> Json:
    base = [
        {"urn": f"{HEAD}pulumi:pulumi:Stack::pave-dev", "custom": False, "type": "pulumi:pulumi:Stack"},
        {"urn": f"{HEAD}pave:test:Area::area", "custom": False, "type": "pave:test:Area"},
        {
            "urn": PROVIDER,
            "custom": True,
            "type": "pulumi:providers:gcp",
            "id": "1",
            "inputs": {"project": "acme", "region": "us-east1"},
        },
    ]
    operations = [{"type": doing, "resource": resource} for doing, resource in pending]
    return {"manifest": {}, "resources": [*base, *resources], "pending_operations": operations}


def refreshed(state: Json, to_read: list[str], cloud: set[str]) -> Json:
    """What the engine's refresh makes of a state: what it looks at and doesn't find is dropped."""
    kept = [each for each in state["resources"] if each["urn"] not in to_read or each["id"] in cloud]
    return {**state, "resources": kept}


def recovered(state: Json, cloud: set[str]) -> tuple[Json, list[str]]:
    made = with_notes(state, {})
    last, done = settled(refreshed(made.state, made.to_read, cloud), made.notes)
    return last, [each.words for each in done]


def is_in_order(state: Json) -> bool:
    """Whether everything stands behind what it needs: else the engine calls a state broken."""
    seen: set[str] = set()
    for each in state["resources"]:
        needed = {
            each.get("parent"),
            each.get("provider", "").rpartition("::")[0],
            *each.get("dependencies", []),
        }
        if not needed - {None, ""} <= seen:
            return False
        seen.add(each["urn"])
    return True


def names(state: Json) -> list[str]:
    return [each["urn"].rpartition("::")[2] for each in state["resources"][3:]]


def test_what_was_created_is_adopted_as_the_engine_would_have_kept_it() -> None:
    state = deployment([known("a0")], [("creating", record("a1"))])
    last, words = recovered(state, {id_("a0"), id_("a1")})
    assert words == [f"a1 (Address) had been created, and is adopted: {id_('a1')}."]
    adopted = last["resources"][-1]
    assert adopted == {**record("a1"), "id": id_("a1"), "outputs": record("a1")["inputs"]}
    assert "pending_operations" not in last
    assert last["resources"][:-1] == state["resources"]


def test_what_was_not_created_is_forgotten() -> None:
    state = deployment([known("a0")], [("creating", record("a1"))])
    last, words = recovered(state, {id_("a0")})
    assert words == ["a1 (Address) had not been created yet."]
    assert last["resources"] == state["resources"]


def test_nothing_manages_a_note() -> None:
    """An update that doesn't know of it deletes nothing, and one that creates the same is refused."""
    note = with_notes(deployment([], [("creating", record("a0"))]), {}).state["resources"][-1]
    assert note["external"] is True
    assert note["urn"].startswith(urn("a0") + MARK)
    assert note_of(note) == CutOff("creating", urn("a0"))


def test_what_was_being_changed_or_deleted_is_read_itself() -> None:
    state = deployment(
        [known("a0"), known("a1"), known("a2")], [("updating", known("a0")), ("deleting", known("a2"))]
    )
    made = with_notes(state, {})
    assert made.to_read == [urn("a0"), urn("a2")]
    last, words = recovered(state, {id_("a0"), id_("a1")})
    assert names(last) == ["a0", "a1"]
    assert words == ["a0 (Address) was read again.", "a2 (Address) had been deleted."]


@pytest.mark.parametrize(
    ("doing", "resource"),
    [
        ("reading", record("a0")),
        ("importing", record("a0")),
        ("creating", {"urn": PROVIDER, "custom": True, "type": "pulumi:providers:gcp"}),
        ("creating", {"urn": f"{HEAD}pave:test:Area::other", "custom": False, "type": "pave:test:Area"}),
    ],
)
def test_what_changed_nothing_in_the_cloud_is_simply_done_again(doing: str, resource: Json) -> None:
    state = deployment([], [(doing, resource)])
    made = with_notes(state, {})
    assert (made.to_read, made.notes) == ([], [])
    assert made.state["resources"] == state["resources"]


def test_a_replacement_that_was_created_leaves_the_old_one_to_be_deleted() -> None:
    new = record("a0", inputs={"name": "a0", "region": "us-east4"})
    there = {id_("a0"), "projects/acme/regions/us-east4/addresses/a0"}
    last, _ = recovered(deployment([known("a0"), known("a1")], [("creating", new)]), there)
    assert [(each["id"], each.get("delete", False)) for each in last["resources"][3:]] == [
        ("projects/acme/regions/us-east4/addresses/a0", False),
        (id_("a0"), True),
        (id_("a1"), False),
    ]
    assert is_in_order(last)
    last, _ = recovered(deployment([known("a0"), known("a1")], [("creating", new)]), {id_("a0")})
    assert names(last) == ["a0", "a1"]
    assert not last["resources"][3].get("delete")


def test_one_that_was_deleted_to_be_made_again_is_forgotten_when_it_was() -> None:
    old = known("a0", pendingReplacement=True)
    last, _ = recovered(deployment([old, known("a1")], [("creating", record("a0"))]), {id_("a0")})
    assert names(last) == ["a0", "a1"]
    assert "pendingReplacement" not in last["resources"][3]
    last, _ = recovered(deployment([old], [("creating", record("a0"))]), set())
    assert last["resources"][3:] == [old]


def test_a_creation_that_the_state_knows_already_is_not_looked_for() -> None:
    """Pulumi keeps a pending creation for ever, also when somebody has imported the resource."""
    made = with_notes(deployment([known("a0")], [("creating", record("a0"))]), {})
    assert (made.to_read, made.notes) == ([], [])


def test_two_creations_under_two_names_are_both_looked_for() -> None:
    other = record("a0", inputs={"name": "older", "region": "us-east1"})
    state = deployment([], [("creating", record("a0")), ("creating", other)])
    assert len(with_notes(state, {}).to_read) == 2
    last, words = recovered(state, {id_("a0"), id_("older")})
    assert names(last) == ["a0"]
    assert (
        f"a0 (Address): there are two. {id_('older')} is managed by nobody now: delete it by hand." in words
    )
    last, _ = recovered(state, {id_("older")})
    assert [each["id"] for each in last["resources"][3:]] == [id_("older")]


@pytest.mark.parametrize(
    "inputs",
    [
        {"region": "us-east1"},
        {"name": "", "region": "us-east1"},
        {
            "name": {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                "ciphertext": "v1:x",
            }
        },
        {"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"},
    ],
)
def test_what_has_no_name_is_asked_about(inputs: Json) -> None:
    state = deployment([], [("creating", record("a0", inputs=inputs))])
    with pytest.raises(IdsUnknown) as error:
        with_notes(state, {})
    assert error.value.urns == [urn("a0")]
    assert with_notes(state, {urn("a0"): None}).to_read == []
    (note,) = with_notes(state, {urn("a0"): "an/id"}).state["resources"][3:]
    assert note["id"] == "an/id"


def test_a_type_that_is_not_known_here_is_asked_about() -> None:
    state = deployment([], [("creating", record("a0", type="gcp:compute/disk:Disk"))])
    with pytest.raises(IdsUnknown):
        with_notes(state, {})


def test_an_id_is_made_with_the_settings_of_the_resources_own_provider() -> None:
    other = {
        "urn": f"{PROVIDER}-2",
        "type": "pulumi:providers:gcp",
        "id": "2",
        "inputs": {"project": "other", "region": "us-east4"},
    }
    resources = [*deployment([], [])["resources"], other]
    bare = record("a0", inputs={"name": "a0"})
    assert id_of(bare, resources) == id_("a0")
    assert (
        id_of(bare | {"provider": f"{PROVIDER}-2::2"}, resources)
        == "projects/other/regions/us-east4/addresses/a0"
    )
    assert id_of(bare | {"provider": f"{PROVIDER}::9"}, resources) == ""


class Case:
    """A state that was cut off in the middle, and what the cloud has."""

    def __init__(self, doing: list[str], there: list[bool]) -> None:
        managed = [
            name for name, what in zip(NAMES, doing, strict=True) if what in {"", "updating", "deleting"}
        ]
        self.begun = {
            name: what for name, what in zip(NAMES, doing, strict=True) if what not in {"", "absent"}
        }
        resources = [known(name, dependencies=[]) for name in managed]
        pending = [
            (what, (record if what == "creating" else known)(name, dependencies=[]))
            for name, what in self.begun.items()
        ]
        self.state = deployment(resources, pending)
        # Only what was begun can be there or not.
        self.cloud = {
            id_(name)
            for name, is_there in zip(NAMES, there, strict=True)
            if (is_there if name in self.begun else name in managed)
        }


cases = st.builds(
    Case,
    st.lists(st.sampled_from(["", "absent", "creating", "updating", "deleting"]), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
)


@given(cases)
def test_after_a_recovery_the_state_has_what_the_cloud_has(case: Case) -> None:
    before = copy.deepcopy(case.state)
    last, words = recovered(case.state, case.cloud)
    assert case.state == before
    assert {each["id"] for each in last["resources"][3:]} == case.cloud
    assert len(last["resources"]) == 3 + len(case.cloud)
    assert is_in_order(last)
    assert cut_off(last) == []
    assert len(words) == len(case.begun)


@given(cases, st.integers(0, 2))
def test_a_recovery_that_was_cut_off_itself_ends_as_if_it_was_not(case: Case, steps: int) -> None:
    """The notes are all that is needed; the engine's own refresh forgets the pending operations."""
    made = with_notes(case.state, {})
    if steps == 0:
        again = with_notes(made.state, {})
        assert again == made
        return
    state = refreshed(made.state, made.to_read, case.cloud)
    if steps == 2:
        state = refreshed(with_notes(state, {}).state, with_notes(state, {}).to_read, case.cloud)
    rest = with_notes(state, {})
    last, _ = settled(refreshed(rest.state, rest.to_read, case.cloud), rest.notes)
    assert last == recovered(case.state, case.cloud)[0]
