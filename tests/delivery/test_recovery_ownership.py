"""What may be adopted: only what is proven to be this stack's."""

from typing import Any

import pytest

from pave.delivery.recovery.begun import Begun
from pave.delivery.recovery.ownership import Around, CloudId, cloud_id, managed, why_not_adopted
from stacks.backend import MARK
from stacks.properties import UNKNOWN, secret

Json = dict[str, Any]
URN = "urn:pulumi:service.shop.test::pave::pave:service:Records$gcp:dns/recordSet:RecordSet::shop-a"
OTHER = "urn:pulumi:service.shop.test::pave::pave:service:Machine$gcp:dns/recordSet:RecordSet::shop-a"
AT = CloudId("acme-test", "gcp:dns/recordSet:RecordSet", "zone/shop/A")
RECORD = {"name": "shop.", "type": "A", "rrdatas": ["192.0.2.1"], "ttl": 60}
OURS = {"labels": {"stack": "service_shop_test"}}
THEIRS = {"labels": {"stack": "service_shop_production"}}


def around(**more: Any) -> Around:
    return Around("service.shop.test", {}, (), {})._replace(**more)


def why(found: Json, **more: Any) -> str:
    return why_not_adopted(URN, {"inputs": found, "outputs": {}}, AT, around(**more))


def test_a_label_proves_whose_it_is_both_ways() -> None:
    assert why(OURS) == ""
    assert "stack=service_shop_production" in why(THEIRS, begun={URN: OURS})


def test_what_should_bear_the_label_and_does_not_is_somebody_elses() -> None:
    assert "lacks the label stack=service_shop_test" in why({"name": "x"}, begun={URN: OURS | {"name": "x"}})


def test_without_labels_the_proof_is_that_it_was_begun_and_is_what_it_was_to_become() -> None:
    assert why(RECORD, begun={URN: RECORD}) == ""
    assert "nothing says that this stack began to create it" in why(RECORD)
    assert "with another rrdatas" in why(RECORD | {"rrdatas": ["192.0.2.9"]}, begun={URN: RECORD})
    assert "with another rrdatas" in why(RECORD | {"rrdatas": []}, begun={URN: RECORD})


@pytest.mark.parametrize("asked", [UNKNOWN, "[secret]", secret(None), None])
def test_what_was_not_known_when_it_was_begun_is_not_compared(asked: Any) -> None:
    assert why(RECORD, begun={URN: RECORD | {"ttl": asked}}) == ""


def test_a_link_is_the_same_with_the_api_before_it_and_what_the_cloud_adds_is_no_difference() -> None:
    asked = {"network": "projects/acme/global/networks/net", "guard": {"on": True}}
    link = "https://www.googleapis.com/compute/v1/projects/acme/global/networks/net"
    assert why({"network": link, "guard": {"on": True, "by": "cloud"}, "id": 7}, begun={URN: asked}) == ""
    assert why({"network": link.replace("acme", "other")}, begun={URN: asked}) != ""


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        (("service.pay.test", "urn:x"), "service.pay.test manages it"),
        (("service.shop.test", OTHER), "this stack itself, as pave:service:Machine$"),
    ],
)
def test_what_has_a_manager_gets_no_second_whatever_its_label_says(
    holder: tuple[str, str], words: str
) -> None:
    assert words in why(OURS, holders={AT: holder}, begun={URN: OURS})
    assert why(OURS, holders={AT: ("service.shop.test", URN)}) == ""


def test_a_state_that_cannot_be_read_might_hold_what_bears_no_label() -> None:
    assert "service.pay.test can't be read" in why(RECORD, begun={URN: RECORD}, unread=("service.pay.test",))
    assert why(OURS, unread=("service.pay.test",)) == ""


def test_the_same_id_in_another_project_is_another_resource() -> None:
    provider = {"urn": "p", "type": "pulumi:providers:gcp", "custom": True, "id": "1"}
    database = {
        "urn": URN,
        "type": "gcp:sql/databaseInstance:DatabaseInstance",
        "custom": True,
        "id": "db",
        "provider": "p::1",
    }
    states = [
        {"resources": [provider | {"inputs": {"project": project}}, database]} for project in ("one", "two")
    ]
    (first,), (second,) = (list(managed(state)) for state in states)
    assert (first[0].scope, second[0].scope) == ("one", "two")
    assert first[0].id == second[0].id
    explicit = database | {"inputs": {"project": "three"}}
    assert cloud_id(explicit, {"p": provider}).scope == "three"


def test_notes_references_and_components_are_managed_by_nobody() -> None:
    real = {"urn": URN, "type": AT.type, "custom": True, "id": AT.id}
    rest = [real | {"urn": f"{URN}{MARK}creating-0"}, real | {"external": True}, real | {"custom": False}]
    assert list(managed({"resources": rest})) == []
    assert [urn for _, urn in managed({"resources": [real]})] == [URN]


def test_what_was_asked_for_outlives_a_refresh(tmp_path: Any) -> None:
    begun = Begun(tmp_path, "service.shop.test")
    assert begun.inputs() == {}
    note = {"urn": f"{URN}{MARK}creating-0", "type": AT.type, "custom": True, "inputs": RECORD}
    begun.keep({"resources": [note, note | {"urn": f"{OTHER}{MARK}adopting-1"}]})
    begun.keep({"resources": [note | {"inputs": {"read": "from the cloud"}}]})
    assert begun.inputs() == {URN: RECORD}
    begun.forget()
    assert begun.inputs() == {}
