"""`pave drift` sees what was changed by hand; `pave destroy` takes away what nothing forbids."""

import json
from pathlib import Path

import pytest

from tests.engine.road import Road, lines

pytestmark = pytest.mark.engine
SERVICE = "service.invoice-archive.production"
PRODUCTION = "environments/production.yaml"
SPEC = "services/invoice-archive.yaml"
CRON = "kubernetes:batch/v1:CronJob"
SQL = "gcp:sql/databaseInstance:DatabaseInstance"
GRANT = "gcp:secretmanager/secretIamMember:SecretIamMember"


def test_what_is_as_it_was_left_is_no_drift(road: Road) -> None:
    database = road.held(SQL, "index-g1")
    road.change_behind(database, maintenanceVersion="of the cloud's own choice", only_outputs=True)
    done = road.pave("drift")
    assert done.code == 0, done.text
    assert lines(done.text, "AS LEFT  foundation.production")
    assert lines(done.text, f"AS LEFT  {SERVICE}")
    assert lines(done.text, "2 stacks: 2 as left; ", "never applied")


def test_a_cut_off_history_hides_no_drift(road: Road) -> None:
    kept = sorted((road.state / "pulumi" / "backend" / ".pulumi" / "history").rglob("*.history.json"))
    texts = {path: path.read_bytes() for path in kept if path.name.startswith(SERVICE)}
    assert texts
    for path, text in texts.items():
        path.write_bytes(text[:40])
    try:
        done = road.pave("drift", SERVICE)
    finally:
        for path, text in texts.items():
            path.write_bytes(text)
    assert done.code == 0, done.text


def test_a_recovery_with_half_a_glass_passes_nothing(road: Road) -> None:
    before = road.last_call()
    done = road.pave("recover", SERVICE, "--break-glass", "incident=4711")
    assert done.code == 2
    assert lines(done.text, "--break-glass passes nothing")
    assert road.calls(before) == []


def test_what_was_changed_by_hand_is_found_with_its_line_and_mended(road: Road) -> None:
    cron = road.held(CRON, "/copy")
    road.change_behind(cron, spec=cron.inputs["spec"] | {"suspend": True})
    road.delete_behind(
        road.held(GRANT, ":invoice-archive-copy@acme-subscriptions-prod.iam.gserviceaccount.com")
    )
    before = road.last_call()
    found = road.pave("drift", SERVICE)
    assert found.code == 1
    assert lines(found.text, f"DRIFT  {SERVICE}: 2 resources")
    assert lines(found.text, "~ kubernetes CronJob invoice-archive-copy differs")
    assert lines(found.text, "spec.suspend: (none) → true") or lines(found.text, "spec.suspend", "→ true")
    assert lines(found.text, "- secretmanager SecretIamMember", "is gone")
    assert lines(found.text, f"{road.catalog / SPEC}:")
    assert lines(found.text, f"next: pave up {SERVICE}", "--refresh")
    report = json.loads(road.pave("drift", SERVICE, "--format", "json").text)
    assert [change["action"] for change in report["stacks"][0]["changes"]] == ["delete", "update"]
    assert road.calls(before) == []
    mended = road.up(SERVICE, "--refresh")
    assert mended.code == 0, mended.text
    assert lines(mended.text, "1 to create, 1 to update, ", " unchanged")
    assert road.pave("drift", SERVICE).code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["foundation.staging"], "has nothing here"),
        (["service.invoice-archiv.production"], "Did you mean `service.invoice-archive.production`"),
        (["--env", "prod"], "There is no environment `prod`"),
        ([SERVICE, "--env", "staging"], "is in production, not in staging"),
    ],
)
def test_what_is_not_there_is_said(road: Road, words: list[str], message: str) -> None:
    done = road.pave("drift", *words)
    assert done.code == 2
    assert message in done.text


def test_an_update_that_failed_leaves_its_stack_unfinished_until_one_ends_well(road: Road) -> None:
    road.reschedule()
    road.store.add_fault(CRON, "update", "403", 1)
    assert road.up("invoice-archive").code == 1
    open_ = road.pave("drift", "invoice-archive")
    assert open_.code == 1
    assert lines(open_.text, f"UNFINISHED  {SERVICE}: its last update failed")
    report = json.loads(road.pave("drift", SERVICE, "--format", "json").text)
    assert (report["stacks"][0]["unfinished"]["why"], report["stacks"][0]["changes"]) == ("failed", [])
    road.restore()
    again = road.up("invoice-archive")
    assert (again.code, "0 done, 0 failed" in again.text) == (0, True), again.text
    assert road.pave("drift", "invoice-archive").code == 0


def test_an_api_that_was_switched_off_by_hand_is_drift_and_not_clear(road: Road) -> None:
    for service, expected in (("iap", 1), ("compute", 2)):
        api = f"acme-subscriptions-prod/{service}.googleapis.com"
        road.store.set("api", api, "disabled")
        drift = road.pave("drift", "foundation.production")
        assert drift.code == expected, drift.text
        assert not lines(drift.text, "AS LEFT")
        clear = road.pave("preflight", "foundation.production")
        assert clear.code == 1
        assert f"gcloud services enable {service}.googleapis.com" in clear.text
        road.store.set("api", api, "enabled")
    assert road.pave("drift", "foundation.production").code == 0


def test_name_servers_that_are_not_the_zones_own_are_said_by_every_command(road: Road) -> None:
    road.edit(PRODUCTION, "ns-cloud-e4.googledomains.com", "ns-cloud-c4.googledomains.com")
    wanted = "nameServers: [ns-cloud-e1.googledomains.com, ns-cloud-e2.googledomains.com, ns-cloud-e3."
    drift = road.pave("drift", "foundation.production")
    assert drift.code == 1
    assert lines(drift.text, "MISLED  foundation.production")
    assert lines(drift.text, f"{road.catalog / PRODUCTION}:", ":7")
    assert wanted in drift.text
    for done, code in (
        (road.pave("preflight", "foundation.production"), 1),
        (road.up("foundation.production"), 0),
    ):
        assert done.code == code, done.text
        assert lines(done.text, "✗ no  delegation: acme.example is led to ns-cloud-c4.")
        assert wanted in done.text
        assert "ns-cloud-e4.googledomains.com], ds: [12 8 2 " in done.text
    road.restore()
    assert road.up("foundation.production").code == 0  # its state remembers what the file says now


def test_a_foundation_stays_while_a_service_stands_on_it(road: Road) -> None:
    before = road.last_call()
    done = road.pave("destroy", "foundation.production", "--protected", "production", "--keep-protected")
    assert done.code == 1
    assert lines(done.text, f"{SERVICE} stands on foundation.production.")
    assert lines(done.text, "Nothing was destroyed.")
    assert road.calls(before) == []


def test_a_destruction_needs_every_word_and_its_name(road: Road) -> None:
    before = road.last_call()
    bare = road.pave("destroy", SERVICE)
    assert bare.code == 1
    assert lines(bare.text, "say so: --protected production")
    assert lines(bare.text, "--keep-protected")
    with_data = road.pave("destroy", SERVICE, "--protected", "production", "--with-data")
    assert with_data.code == 1, "what is protected stays whatever is said"
    words = ["destroy", SERVICE, "--protected", "production", "--keep-protected"]
    nobody = road.pave(*words)
    assert nobody.code == 2
    assert f"Not to be asked: --confirm {SERVICE}" in nobody.text
    wrong = road.pave(*words, "--confirm", "service.invoice-archive.staging")
    assert wrong.code == 2
    assert road.calls(before) == []


def test_what_is_protected_outlives_a_destruction_and_is_found_again(road: Road) -> None:
    created = road.held(SQL, "index-g1").created
    done = road.pave(
        *("destroy", SERVICE, "--protected", "production", "--keep-protected", "--confirm", SERVICE)
    )
    assert done.code == 0, done.text
    assert lines(done.text, "✓ deleted kubernetes CronJob invoice-archive-copy")
    open_ = road.pave("drift", "invoice-archive")
    assert open_.code == 1
    assert lines(open_.text, f"UNFINISHED  {SERVICE}: it was destroyed, but for ", " that were to be kept")
    assert lines(open_.text, f"next: pave up {SERVICE}", f"--state {road.state}")
    again = road.up(SERVICE)
    assert again.code == 0, again.text
    assert road.held(SQL, "index-g1").created == created
    assert road.pave("drift", SERVICE).code == 0


def test_a_stack_whose_specs_are_gone_is_shown_and_can_be_destroyed(road: Road) -> None:
    (road.catalog / SPEC).unlink()
    unlisted = road.pave("drift")
    assert lines(unlisted.text, f"UNLISTED  {SERVICE}")
    assert unlisted.code == 1
    assert road.pave("drift", SERVICE).code == 0
    for words in (["preview", "invoice-archive"], ["up", "invoice-archive", "--yes"]):
        nowhere = road.pave(*words)
        assert nowhere.code == 2
        assert f"pave destroy {SERVICE}" in nowhere.text
    assert road.pave("recover", "invoice-archive").code == 0
    refused = road.pave("destroy", SERVICE)
    assert refused.code == 1
    assert "which is gone" in refused.text
    unknown = road.pave("destroy", "service.nobody.production")
    assert unknown.code == 2


@pytest.mark.parametrize("words", [["drift"], ["recover", SERVICE], ["destroy", SERVICE]])
def test_a_cloud_that_is_not_there_is_not_made_to_be_asked(
    road: Road, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    nowhere = tmp_path / "typo"
    monkeypatch.setattr(road, "state", nowhere)
    done = road.pave(*words)
    assert done.code == 2
    assert "There is no local cloud in" in done.text
    assert not nowhere.exists()
