from typing import Any

from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.cloud_dns import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.edge import RECORD, ZONE

BELOW = "staging.acme.example."


def held(token: str, **inputs: Any) -> StoredResource:
    return StoredResource("acme", token, inputs["name"], "", inputs, {}, "", "")


APEX = held(ZONE, name="acme", dnsName="acme.example.")


def is_refused(name: str, *others: StoredResource) -> bool:
    record = {"name": name, "type": "DS", "managedZone": "acme"}
    return any(refusals(CloudCall(RECORD, "acme", None, record, None, [APEX, *others])))


def test_a_ds_record_stands_where_its_zone_delegates() -> None:
    assert not is_refused(BELOW, held(RECORD, name=BELOW, type="NS", managedZone="acme"))


def test_a_ds_record_elsewhere_is_refused() -> None:
    assert is_refused(BELOW)
    assert is_refused(BELOW, held(RECORD, name=BELOW, type="NS", managedZone="another"))
    assert is_refused("acme.example.", held(RECORD, name="acme.example.", type="NS", managedZone="acme"))
