"""What `pave preflight` asks of a service: policies, delegation, images and secrets, on the local cloud."""

import dataclasses
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from catalog.loader import load
from components.design.database_proxy import IMAGE
from pave.delivery.secret_values import LocalSecretValues
from pave.delivery.stated import state_projects
from pave.local_cloud.store import CloudStore, store_file
from pave.preflight.asking import answers, planned_stack, questions
from pave.preflight.describing import describe_preflight
from pave.preflight.local_project import LocalProject
from pave.preflight.model import PlannedStack, PreflightFinding, PreflightReport
from pave.workspace import Workspace
from stacks.plan import record_stack
from stacks.providers.edge import ZONE
from stacks.stack import parse_stack
from tests.repository import HOME

STACK = "service.customersdot.production"
PROJECT = "acme-subscriptions-prod"
REGISTRY = "projects/acme-registry/locations/us/repositories/customersdot"
NODES = f"production-nodes@{PROJECT}.iam.gserviceaccount.com"
DOMAIN = "acme.example"
SERVERS = [f"ns-cloud-a{number}.googledomains.com." for number in range(1, 5)]


@pytest.fixture(scope="module")
def planned() -> PlannedStack:
    work = Workspace(HOME / "catalog", date(2026, 11, 21))
    stack = parse_stack(STACK, work.catalog)
    return planned_stack(work, stack, record_stack(work.catalog, stack), {})


@pytest.fixture
def store(tmp_path: Path, planned: PlannedStack) -> Iterator[CloudStore]:
    """A cloud with what the foundation makes, and with all secrets."""
    made = CloudStore(store_file(tmp_path), lambda: datetime(2026, 11, 21, tzinfo=UTC))
    zone = {"name": "acme-example", "dnsName": f"{DOMAIN}.", "dnssecConfig": {"state": "on"}}
    made.insert(PROJECT, ZONE, "zone", "", zone, {"nameServers": SERVERS})
    for resource in planned.google():
        if resource.type == "gcp:projects/service:Service":
            made.set("api", f"{PROJECT}/{resource.inputs['service']}", "enabled")
    grant = {
        "project": "acme-registry",
        "role": "roles/artifactregistry.reader",
        "member": f"serviceAccount:{NODES}",
    }
    made.insert("acme-registry", "gcp:projects/iAMMember:IAMMember", "grant", "", grant, {})
    values = LocalSecretValues(tmp_path)
    for secret in planned.secrets.values():
        values.add(secret, b"a value")
    yield made
    made.close()


def asked(planned: PlannedStack, folder: Path, question: str) -> list[PreflightFinding]:
    return [each for each in answers(planned, LocalProject(folder)) if each.question == question]


def not_ok(found: list[PreflightFinding]) -> list[PreflightFinding]:
    return [each for each in found if each.answer != "ok"]


def test_every_question_is_asked_and_answered(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    for api in {each.subject for each in asked(planned, tmp_path, "apis")}:
        store.set("api", api, "enabled")
    state_projects(tmp_path, load(HOME / "catalog"))
    found = answers(planned, LocalProject(tmp_path))
    assert {each.question for each in found} == {*questions()} - {"guests", "tiers"}  # it takes none
    assert not_ok(found) == []
    report = PreflightReport(stack=STACK, cloud="local", findings=found)
    assert report.exit_code == 0
    assert [*describe_preflight(report)][-1].text.startswith(f"CLEAR  {STACK}: ")


@pytest.mark.parametrize(
    ("constraint", "rule", "what"),
    [
        ("iam.disableServiceAccountCreation", "enforced", "is a service account"),
        ("gcp.resourceLocations", "allow=in:europe-locations", "us-east1"),
        ("gcp.restrictNonCmekServices", "deny=is:sqladmin.googleapis.com", "encryptionKeyName"),
        ("compute.restrictLoadBalancerCreationForTypes", "allow=in:INTERNAL", "load balancer"),
        ("compute.disableGlobalCloudArmorPolicy", "enforced", "Cloud Armor"),
    ],
)
def test_a_policy_that_refuses_something_of_the_plan_is_no(
    planned: PlannedStack, store: CloudStore, tmp_path: Path, constraint: str, rule: str, what: str
) -> None:
    store.set("constraint", f"{PROJECT}/{constraint}", rule)
    found = not_ok(asked(planned, tmp_path, "constraints"))
    assert {(each.subject, each.answer) for each in found} == {(f"{PROJECT}/{constraint}", "no")}
    assert any(what in each.what for each in found)
    assert all(f"{constraint} " in each.fix and f"--project {PROJECT}" in each.fix for each in found)


def test_a_policy_that_the_plan_meets_is_ok(planned: PlannedStack, store: CloudStore, tmp_path: Path) -> None:
    store.set("constraint", f"{PROJECT}/sql.restrictPublicIp", "enforced")
    store.set("constraint", f"{PROJECT}/compute.vmExternalIpAccess", "deny-all")
    store.set("constraint", f"{PROJECT}/gcp.resourceLocations", "allow=in:us-locations,global")
    assert not_ok(asked(planned, tmp_path, "constraints")) == []


MEMBERS = "iam.allowedPolicyMemberDomains"


def members(planned: PlannedStack, folder: Path) -> list[tuple[str, str]]:
    """The answers on members that aren't ok, with the domain or the project of each."""
    found = not_ok(asked(planned, folder, "constraints"))
    assert all(f"{MEMBERS}" in each.subject and MEMBERS in each.fix for each in found)
    return [(each.answer, each.fix.partition("the customer of ")[2].partition(" has")[0]) for each in found]


def test_a_policy_on_members_is_undecided_while_nobody_says_whose_they_are(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    store.set("constraint", f"{PROJECT}/{MEMBERS}", "allow=C03xgje4y")
    found = members(planned, tmp_path)
    assert {answer for answer, _ in found} == {"undecided"}
    assert f"{PROJECT}.svc.id.goog" in {of for _, of in found}


@pytest.mark.parametrize(
    "allowed", ["C03xgje4y", "is:C03xgje4y", "is:principalSet://iam.googleapis.com/organizations/123"]
)
def test_members_of_the_own_organisation_are_allowed_by_its_customer_or_its_principals(
    planned: PlannedStack, store: CloudStore, tmp_path: Path, allowed: str
) -> None:
    store.set("constraint", f"{PROJECT}/{MEMBERS}", f"allow={allowed}")
    store.set("organisation", PROJECT, "123/C03xgje4y/acme.example")
    assert {of for answer, of in members(planned, tmp_path) if answer != "undecided"} == set()
    assert f"{PROJECT}.svc.id.goog" not in {of for _, of in members(planned, tmp_path)}


def test_members_of_an_organisation_that_a_policy_leaves_out_are_refused(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    store.set("constraint", f"{PROJECT}/{MEMBERS}", "allow=C0another")
    store.set("organisation", PROJECT, "123/C03xgje4y/acme.example")
    found = not_ok(asked(planned, tmp_path, "constraints"))
    assert "no" in {each.answer for each in found}


@pytest.mark.parametrize(
    ("answer", "verdict", "what"),
    [
        ("right", "ok", "is what the zone above leads to"),
        ("none", "no", "led to by no NS record"),
        ("elsewhere", "no", "led to ns1.elsewhere.acme.example"),
        ("other-keys", "no", "a DS record above that fits none of its keys"),
        ("unsigned", "waits", "no DS record in the zone above says so"),
    ],
)
def test_the_zone_above_leads_to_ours_or_it_is_said_what_to_write_there(
    planned: PlannedStack, store: CloudStore, tmp_path: Path, answer: str, verdict: str, what: str
) -> None:
    store.set("delegation", DOMAIN, answer)
    (found,) = asked(planned, tmp_path, "delegation")
    assert (found.subject, found.answer) == (DOMAIN, verdict)
    assert what in found.what
    if verdict != "ok":
        assert "spec.dns.delegation: {nameServers: [ns-cloud-a1.googledomains.com, " in found.fix
        assert "], ds: [12 8 2 " in found.fix


def test_a_zone_that_is_not_there_is_made_by_the_foundation(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    store.delete(PROJECT, ZONE, "zone")
    (found,) = asked(planned, tmp_path, "delegation")
    assert (found.answer, found.fix) == ("no", "pave up foundation.production")


def test_an_image_that_is_not_there_is_no(planned: PlannedStack, store: CloudStore, tmp_path: Path) -> None:
    image = next(each.subject for each in asked(planned, tmp_path, "images") if "pkg.dev" in each.subject)
    assert "@sha256:" in image
    store.set("image", image, "missing")
    (found,) = not_ok(asked(planned, tmp_path, "images"))
    assert (found.subject, found.answer) == (image, "no")
    assert f"gcloud artifacts docker images list {image.partition('@')[0]}" in found.fix


def test_a_public_image_whose_digest_is_not_there_is_no(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    store.set("image", IMAGE.replace(":2.23.0", ""), "missing")
    (found,) = not_ok(asked(planned, tmp_path, "images"))
    assert (found.subject, found.answer) == (IMAGE, "no")
    assert found.fix.startswith("gcloud artifacts docker images describe gcr.io/cloud-sql-connectors/")


def test_a_repository_that_nodes_may_not_pull_from_is_no(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    store.delete("acme-registry", "gcp:projects/iAMMember:IAMMember", "grant")
    (found,) = not_ok(asked(planned, tmp_path, "images"))
    assert (found.subject, found.answer) == (REGISTRY, "no")
    assert NODES in found.what
    assert f"--member serviceAccount:{NODES} --role roles/artifactregistry.reader" in found.fix


def test_an_image_of_another_registry_is_undecided(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    assert store.settings() == {}

    containers = [{"image": "docker.io/library/app:1"}]
    elsewhere = {"spec": {"template": {"spec": {"containers": containers}}}}
    resources = [
        msgspec.structs.replace(each, inputs=elsewhere) if each.type.endswith(":Rollout") else each
        for each in planned.resources
    ]
    found = not_ok(asked(dataclasses.replace(planned, resources=resources), tmp_path, "images"))
    assert [(each.subject, each.answer) for each in found] == [("docker.io/library/app:1", "undecided")]


def test_a_secret_without_a_value_waits_and_stops_nothing(
    planned: PlannedStack, store: CloudStore, tmp_path: Path
) -> None:
    secret = planned.secrets["stripe-api-key"]
    store.delete(PROJECT, "gcp:secretmanager/secretVersion:SecretVersion", f"{secret}/versions/1")
    (found,) = not_ok(asked(planned, tmp_path, "secrets"))
    assert (found.subject, found.answer) == (secret, "waits")
    assert f"pave secrets set {STACK} stripe-api-key" in found.fix
    assert PreflightReport(stack=STACK, cloud="local", findings=[found]).exit_code == 3


def test_the_password_of_a_store_is_not_asked_of_people(planned: PlannedStack) -> None:
    assert len(planned.secrets) > 3
    assert "redis-auth" not in planned.secrets


@pytest.mark.parametrize(
    ("what", "project"),
    [("constraints", PROJECT), ("delegation", PROJECT), ("images", "acme-registry"), ("secrets", PROJECT)],
)
def test_what_the_caller_may_not_read_is_undecided_and_never_ok(
    planned: PlannedStack, store: CloudStore, tmp_path: Path, what: str, project: str
) -> None:
    store.set("reading", f"{project}/{what}", "refused")
    found = asked(planned, tmp_path, what)
    unread = [each for each in found if each.subject != IMAGE]
    assert {each.answer for each in unread} == {"undecided"}
    assert all(each.fix and f"may not read {what} of {project}" in each.what for each in unread)


def test_a_tier_that_rules_take_is_asked_of_the_project_whatever_its_environment_says(tmp_path: Path) -> None:
    shutil.copytree(HOME / "catalog", tmp_path / "catalog")
    spec = tmp_path / "catalog" / "services" / "customersdot.yaml"
    spec.write_text(spec.read_text().replace("    waf:\n", "    waf:\n      threatLists: [tor-exit-nodes]\n"))
    environment = tmp_path / "catalog" / "environments" / "production.yaml"
    environment.write_text(
        environment.read_text().replace("spec:\n", "spec:\n  cloudArmorTier: enterprise\n")
    )
    work = Workspace(tmp_path / "catalog", date(2026, 11, 21))
    stack = parse_stack(STACK, work.catalog)
    planned = planned_stack(work, stack, record_stack(work.catalog, stack), {})
    made = CloudStore(store_file(tmp_path), lambda: datetime(2026, 11, 21, tzinfo=UTC))
    made.set("api", f"{PROJECT}/compute.googleapis.com", "enabled")
    (found,) = asked(planned, tmp_path, "tiers")
    assert (found.subject, found.answer) == (PROJECT, "no")
    assert "customersdot-sign-in" in found.what
    assert f"--project {PROJECT} --cloud-armor-tier CA_ENTERPRISE_PAYGO" in found.fix
    state_projects(tmp_path, work.catalog)
    assert [each.answer for each in asked(planned, tmp_path, "tiers")] == ["ok"]
    made.set("reading", f"{PROJECT}/tiers", "refused")
    assert [each.answer for each in asked(planned, tmp_path, "tiers")] == ["undecided"]
    made.close()
