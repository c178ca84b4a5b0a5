"""What isn't done however it is asked for, and what needs a word: laws over any changes."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.reviewing.changes import Action, ResourceChange
from pave.reviewing.guards import (
    FEW,
    SHARE,
    DestroyOptions,
    UpdateOptions,
    data_losses,
    destroy_refusals,
    too_many,
    update_refusals,
)
from stacks.providers.cluster import KEY
from stacks.providers.consequence import Consequence, Kind
from stacks.stack import Stack

STORE = "gcp:sql/databaseInstance:DatabaseInstance"
RECORD = "gcp:dns/recordSet:RecordSet"
SERVICE = Stack("service", "shop", "production")


def change(action: Action, token: str = RECORD, name: str = "www", **flags: bool) -> ResourceChange:
    known: dict[str, Any] = {"stateful": token == STORE, "protected": False, "retained": False} | flags
    return ResourceChange(
        action=action,
        urn=f"urn::{name}",
        type=token,
        name=name,
        id="",
        properties=[],
        because=[],
        origin=None,
        **known,
    )


some_changes = st.lists(
    st.builds(
        lambda action, is_stateful, is_protected, number: change(
            action, name=f"r{number}", stateful=is_stateful or is_protected, protected=is_protected
        ),
        st.sampled_from(get_args(Action)),
        st.booleans(),
        st.booleans(),
        st.integers(0, 99),
    ),
    max_size=30,
)


@given(some_changes, st.integers(0, 200), st.none() | st.integers(1, 200))
def test_whatever_is_said_nothing_that_holds_data_goes(
    found: list[ResourceChange], more: int, allowed: int | None
) -> None:
    lost = [one for one in found if one.stateful and one.action in {"delete", "replace"}]
    refused = update_refusals(
        found, len(found) + more, UpdateOptions(allowed, tuple(one.name for one in found))
    )
    assert [one.urn for one in refused if one.guard == "keeps-data"] == [one.urn for one in lost]
    assert all(one.word == "" for one in refused if one.guard == "keeps-data")


@given(some_changes, st.integers(0, 200))
def test_the_word_that_a_refusal_names_lets_exactly_that_through(
    found: list[ResourceChange], more: int
) -> None:
    existing = sum(one.action != "create" for one in found) + more
    for refusal in too_many(found, existing, None):
        number = int(refusal.word.removeprefix("--allow-changes "))
        assert refusal.word in refusal.instead
        assert too_many(found, existing, number) == []
        assert too_many(found, existing, number - 1) != []
        assert too_many([*found, change("update")], existing + 1, number) != []


@given(some_changes, st.integers(0, 200))
def test_new_resources_and_few_changes_are_never_too_many(found: list[ResourceChange], more: int) -> None:
    number = sum(one.action not in {"import", "create"} for one in found)
    existing = number + more
    is_many = bool(too_many(found, existing, None))
    assert is_many == (number > FEW and number > SHARE * existing)
    new = [change("create"), change("import")]
    assert bool(too_many([*found, *new], existing, None)) == is_many


def test_a_store_that_would_be_replaced_is_named_with_the_cause_and_another_way() -> None:
    store = change("replace", STORE, "db", protected=True, retained=True)
    (refusal,) = data_losses(
        [
            ResourceChange(
                **{name: getattr(store, name) for name in store.__struct_fields__} | {"because": ["region"]}
            )
        ]
    )
    assert (
        refusal.what
        == f"db ({STORE}) would be made anew, empty. This change of region can't be made in place."
    )
    assert refusal.why.startswith("It is protected and retained. What it holds would be lost")
    assert "add the new one beside it under another name, copy and switch" in refusal.instead
    assert "pave migrate plan" in refusal.instead


def test_an_address_holds_no_data_and_is_kept_all_the_same() -> None:
    address = change("delete", "gcp:compute/address:Address", "egress-0", stateful=True, protected=True)
    (refusal,) = data_losses([address])
    assert "It can't be made again as it was" in refusal.why


def with_consequence(kind: Kind, name: str = "db") -> ResourceChange:
    one = Consequence(kind, "databaseVersion", "it is upgraded", "whoever uses it", "https://example.com")
    return msgspec.structs.replace(change("update", STORE, name), consequences=[one])


def test_a_host_stays_while_another_has_no_certificate_yet() -> None:
    old, new = change("delete", name="old.acme.example-a"), change("create", name="new.acme.example-a")
    (refused,) = update_refusals([old, change("delete", name="_acme-challenge.old.acme.example"), new], 40)
    assert (refused.guard, refused.urn, refused.word) == ("keeps-hosts", old.urn, "")
    assert "old.acme.example would go" in refused.what
    assert "formerHosts: [old.acme.example]" in refused.instead
    again = UpdateOptions(allowed=40, accepted=("old.acme.example-a",))
    assert update_refusals([old, new], 40, again) == [refused]


@pytest.mark.parametrize(
    ("gone", "new"),
    [
        (["old.acme.example-a", "old.acme.example-aaaa"], []),
        ([], ["new.acme.example-a"]),
        (["web.acme.example-a"], ["origin.web.acme.example-a"]),
        (["web.acme.example-a"], ["web.acme.example-a"]),
        (["_acme-challenge.web.acme.example"], ["new.acme.example-a"]),
    ],
)
def test_a_host_that_is_let_go_of_alone_or_led_to_otherwise_is_no_such_thing(
    gone: list[str], new: list[str]
) -> None:
    found = [change("delete", name=name) for name in gone] + [change("create", name=name) for name in new]
    assert update_refusals(found, 40) == []


def test_what_has_no_way_back_needs_the_name_of_its_resource() -> None:
    found = [with_consequence("irreversible", name) for name in ("db", "other")]
    refused = update_refusals(found, 40)
    assert [(one.guard, one.word) for one in refused] == [
        ("no-way-back", "--accept db"),
        ("no-way-back", "--accept other"),
    ]
    assert all(one.word in one.instead for one in refused)
    (left,) = update_refusals(found, 40, UpdateOptions(accepted=("db", "db-that-is-not-there")))
    assert left.word == "--accept other"
    assert update_refusals(found, 40, UpdateOptions(accepted=("db", "other"))) == []


def test_what_was_said_is_said_again_in_the_next_command() -> None:
    assert UpdateOptions().options == []
    said = ["--allow-changes", "40", "--accept", "db", "--accept", "other"]
    assert UpdateOptions(40, ("db", "other")).options == said


def test_no_word_lets_through_what_the_cloud_is_known_to_refuse() -> None:
    (refused,) = update_refusals([with_consequence("impossible")], 40, UpdateOptions(accepted=("db",)))
    assert (refused.guard, refused.word) == ("possible", "")


@pytest.mark.parametrize("kind", ["interruption", "restart", "replace", "rerouting"])
def test_what_only_interrupts_is_said_and_done(kind: Kind) -> None:
    assert update_refusals([with_consequence(kind)], 40) == []


def test_nothing_is_destroyed_under_what_stands_on_it_whatever_is_said() -> None:
    foundation = Stack("foundation", None, "production")
    said = DestroyOptions(protected="production", keep_protected=True, with_data=True)
    (refusal,) = destroy_refusals(foundation, [], ["service.shop.production"], said, is_protected=True)
    assert refusal.word == ""
    assert "pave destroy service.shop.production" in refusal.instead


@pytest.mark.parametrize("protected", [None, "staging"])
def test_a_protected_environment_needs_its_own_name(protected: str | None) -> None:
    (refusal,) = destroy_refusals(SERVICE, [], [], DestroyOptions(protected=protected), is_protected=True)
    assert refusal.word == "--protected production"
    assert destroy_refusals(SERVICE, [], [], DestroyOptions(protected="production"), is_protected=True) == []
    assert destroy_refusals(SERVICE, [], [], DestroyOptions(), is_protected=False) == []


@given(some_changes, st.booleans(), st.booleans())
def test_each_word_of_a_destruction_lets_its_own_through(
    found: list[ResourceChange], keep_protected: bool, with_data: bool
) -> None:
    words = DestroyOptions(keep_protected=keep_protected, with_data=with_data)
    refused = {one.guard for one in destroy_refusals(SERVICE, found, [], words, is_protected=False)}
    locked = any(one.protected for one in found)
    open_ = any(one.stateful and not one.protected for one in found)
    assert ("keeps-protected" in refused) == (locked and not keep_protected)
    assert ("keeps-data" in refused) == (open_ and not with_data)


def test_what_nobody_can_delete_stays_without_a_word() -> None:
    key = change("delete", KEY, stateful=True, protected=True)
    assert destroy_refusals(SERVICE, [key], [], DestroyOptions(), is_protected=False) == []
    let_go_of = change("delete", KEY, stateful=True)
    (refusal,) = destroy_refusals(SERVICE, [let_go_of], [], DestroyOptions(), is_protected=False)
    assert refusal.word == "--with-data"


def test_the_words_are_options_again() -> None:
    assert DestroyOptions("production", keep_protected=True).options == [
        "--protected",
        "production",
        "--keep-protected",
    ]
    assert DestroyOptions(with_data=True).options == ["--with-data"]


@given(st.lists(st.sampled_from(["db", "bucket", "address"]), unique=True, min_size=1))
def test_what_would_be_protected_no_longer_needs_a_word_that_names_all_of_it(unlocked: list[str]) -> None:
    (refused,) = update_refusals([], 40, unlocked=unlocked)
    assert refused.guard == "keeps-protection"
    accepted = tuple(refused.word.removeprefix("--accept ").split(","))
    assert update_refusals([], 40, UpdateOptions(accepted=accepted), unlocked) == []
    assert update_refusals([], 40, UpdateOptions(accepted=accepted[1:]), unlocked) != []
