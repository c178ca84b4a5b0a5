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


CHECK = "gcp:compute/healthCheck:HealthCheck"
BACKUP = {
    "primary": {"externalEndpoints": ["192.0.2.1"]},
    "backupGeos": [{"location": "us-east1", "healthCheckedTargets": {"externalEndpoints": ["192.0.2.9"]}}],
}


def said(policy: dict[str, Any], *others: StoredResource) -> list[str]:
    record = {"name": "a.acme.example.", "type": "A", "managedZone": "acme", "routingPolicy": policy}
    return [each.what for each in refusals(CloudCall(RECORD, "acme", None, record, None, [APEX, *others]))]


def test_a_backup_takes_a_check_from_three_regions_that_asks_twice_a_minute_at_most() -> None:
    asked = {"healthCheck": "https://google/global/healthChecks/dns-a", "primaryBackup": BACKUP}
    good = {"sourceRegions": ["us-east1", "europe-west1", "asia-east1"], "checkIntervalSec": 30}
    assert said(asked, held(CHECK, name="dns-a", **good)) == []
    assert (
        "2 source regions"
        in said(asked, held(CHECK, name="dns-a", **good | {"sourceRegions": ["a", "b"]}))[0]
    )
    assert "at least 30" in said(asked, held(CHECK, name="dns-a", **good | {"checkIntervalSec": 5}))[0]


def test_what_is_asked_needs_a_check_and_a_check_something_to_ask() -> None:
    weighed = [{"weight": 1.0, "rrdatas": ["192.0.2.1"]}]
    assert said({"wrrs": weighed}) == []
    assert said({"primaryBackup": BACKUP}) != []
    assert said({"wrrs": weighed, "healthCheck": "x/dns-a"}) != []
    assert "backupGeos" in said({"primaryBackup": {**BACKUP, "backupGeos": []}, "healthCheck": "x/dns-a"})[0]
