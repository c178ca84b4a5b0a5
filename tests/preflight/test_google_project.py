"""What Google's projects answer."""

import pytest

from catalog.loader import load
from pave.google_client import GoogleClient
from pave.preflight.google_project import USAGE, GoogleProject, place_of
from pave.preflight.images import ArtifactImage, PublicImage, artifact_image, public_image
from pave.preflight.model import NoAnswer, Organisation, PlannedStack, PublicZone, QuotaState
from pave.preflight.questions.names import is_named
from stacks.plan import record_stack
from stacks.providers.organisation_policies import PolicyRule
from stacks.providers.ownership import PLACES, owner_in
from stacks.stack import parse_stack
from tests.repository import HOME
from tests.served_google import Secrets, google, method_of

BUCKET = "gcp:storage/bucket:Bucket"
NETWORK = "gcp:compute/network:Network"


def test_apis_that_are_disabled_are_left_out_however_many_are_asked() -> None:
    names = [f"a{number}.googleapis.com" for number in range(45)]
    with google({}, disabled={"a3.googleapis.com", "a44.googleapis.com"}) as environment:
        enabled = GoogleProject(environment).enabled_apis("p", names)
    assert {*names} - enabled == {"a3.googleapis.com", "a44.googleapis.com"}


def test_the_quotas_of_a_region_and_of_the_project_are_its_own() -> None:
    def quotas(limit: float) -> dict[str, object]:
        return {"quotas": [{"metric": "CPUS", "limit": limit, "usage": 3.0}]}

    with google({"projects/p": quotas(8.0), "projects/p/regions/us-east1": quotas(24.0)}) as environment:
        project = GoogleProject(environment)
        assert project.quotas("p", "global") == {"CPUS": QuotaState(8, 3)}
        assert project.quotas("p", "us-east1") == {"CPUS": QuotaState(24, 3)}
        with pytest.raises(NoAnswer, match="Compute Engine answered 404"):
            project.quotas("p", "us-east2")


@pytest.mark.parametrize(
    ("said", "tier"),
    [({"cloudArmorTier": "CA_ENTERPRISE_PAYGO"}, "CA_ENTERPRISE_PAYGO"), ({}, "CA_STANDARD")],
)
def test_the_tier_of_cloud_armor_is_the_projects_and_else_the_standard_one(
    said: dict[str, str], tier: str
) -> None:
    with google({"projects/p": {"name": "p", **said}}) as environment:
        assert GoogleProject(environment).armor_tier("p") == tier


def test_permissions_are_asked_for_in_parts() -> None:
    names = [f"compute.networks.a{number}" for number in range(150)]
    with google({}, missing={names[0], names[149]}) as environment:
        granted = GoogleProject(environment).granted("p", names)
    assert {*names} - granted == {names[0], names[149]}


def test_a_resource_is_there_with_its_labels_or_it_is_not_or_nobody_says() -> None:
    id_ = "projects/p/global/networks/n"
    with google({id_: {"name": "n"}, f"{id_}o": (403, "Required permission compute.networks.get")}) as there:
        project = GoogleProject(there)
        assert project.find(NETWORK, id_, "p") == {"name": "n"}
        assert project.find(NETWORK, f"{id_}x", "p") is None
        with pytest.raises(NoAnswer, match=r"answered 403: Required permission"):
            project.find(NETWORK, f"{id_}o", "p")
        with pytest.raises(NoAnswer, match="nobody knows how to ask"):
            project.find("gcp:sql/user:User", "me//db", "p")


def test_a_bucket_of_somebody_else_is_there() -> None:
    said = "me does not have storage.buckets.get access to the Google Cloud Storage bucket."
    with google({"b/taken": (403, said), "b/off": (403, "API has not been used")}) as environment:
        project = GoogleProject(environment)
        assert project.find(BUCKET, "taken", "p") == {}
        assert project.find(BUCKET, "free", "p") is None
        with pytest.raises(NoAnswer):
            project.find(BUCKET, "off", "p")


def test_who_is_not_let_in_has_no_answer() -> None:
    with google({}) as environment:
        project = GoogleProject({**environment, "GOOGLE_OAUTH_ACCESS_TOKEN": "another"})
        with pytest.raises(NoAnswer, match="Service Usage answered 401"):
            project.enabled_apis("p", ["compute.googleapis.com"])


@pytest.mark.parametrize("stack", ["foundation.production", "service.customersdot.production"])
def test_google_has_a_method_for_each_name_that_is_asked_for_and_answers_its_labels(stack: str) -> None:
    catalog = load(HOME / "catalog")
    planned = PlannedStack(stack, record_stack(catalog, parse_stack(stack, catalog)).resources, {}, stack)
    labelled = set()
    with google() as environment:
        project = GoogleProject(environment)
        for resource in filter(is_named, planned.google()):
            id_ = planned.id_of(resource)
            try:
                assert not id_ or project.find(resource.type, id_, "p") is None
            except NoAnswer:
                continue
            if id_ and owner_in(resource.inputs) is not None:
                api, path = place_of(resource.type, id_, "p")
                method = method_of("GET", f"{api.root}/{path}".removeprefix("https://"))
                labelled.add(resource.type)
                assert {".".join(place) for place in PLACES} & method.response, resource.type
    assert len(labelled) > 3


def test_the_policy_that_is_in_effect_is_read_with_its_values_and_conditions() -> None:
    path = "projects/p/policies/{}:getEffectivePolicy"
    rules = [{"values": {"allowedValues": ["in:us-locations"], "deniedValues": ["us-east1"]}}]
    tagged = [{"enforce": True, "condition": {"expression": "resource.matchTag('1/env', 'prod')"}}]
    found = {
        path.format("gcp.resourceLocations"): {"name": "n", "spec": {"rules": rules}},
        path.format("sql.restrictPublicIp"): {"spec": {"rules": tagged}},
        path.format("compute.vmExternalIpAccess"): {"spec": {"rules": [{"denyAll": True}]}},
        path.format("compute.restrictVpcPeering"): {"spec": {"rules": [{"allowAll": True}]}},
        path.format("iam.disableServiceAccountCreation"): (403, "API has not been used"),
    }
    with google(found) as environment:
        ask = GoogleProject(environment).policy
        assert ask("p", "gcp.resourceLocations") == [
            PolicyRule(allowed=("in:us-locations",), denied=("us-east1",))
        ]
        (rule,) = ask("p", "sql.restrictPublicIp")
        assert (rule.enforce, rule.condition) == (True, "resource.matchTag('1/env', 'prod')")
        assert ask("p", "compute.vmExternalIpAccess") == [PolicyRule(deny_all=True)]
        assert ask("p", "compute.restrictVpcPeering") == [PolicyRule(allow_all=True)]
        with pytest.raises(NoAnswer, match="Organization Policy answered 403: API has not been used"):
            ask("p", "iam.disableServiceAccountCreation")


def test_the_organisation_of_a_project_is_found_above_its_folders() -> None:
    acme = {"name": "organizations/123", "displayName": "acme.example", "directoryCustomerId": "C03xgje4y"}
    found = {
        "projects/p": {"name": "projects/1", "parent": "folders/5"},
        "folders/5": {"name": "folders/5", "parent": "folders/6"},
        "folders/6": {"name": "folders/6", "parent": "organizations/123"},
        "organizations/123": acme,
        "projects/alone": {"name": "projects/2"},
        "projects/closed": (403, "The caller does not have permission"),
    }
    with google(found) as environment:
        ask = GoogleProject(environment).organisation
        assert ask("p") == Organisation("123", "C03xgje4y", "acme.example")
        assert ask("alone") is None
        with pytest.raises(NoAnswer, match="Resource Manager answered 403"):
            ask("closed")


def test_a_zone_has_the_ds_records_of_the_keys_that_sign_its_keys() -> None:
    def key(tag: int, kind: str, *, active: bool) -> dict[str, object]:
        of = {"keyTag": tag, "type": kind, "isActive": active, "algorithm": "rsasha256"}
        return {**of, "digests": [{"type": "sha256", "digest": "AB12"}]}

    keys = [
        key(7, "KEY_SIGNING", active=True),
        key(8, "ZONE_SIGNING", active=True),
        key(9, "KEY_SIGNING", active=False),
    ]
    zone = {"name": "z", "dnsName": "Acme.Example.", "nameServers": ["ns-cloud-a1.googledomains.com."]}
    found = {
        "projects/p/managedZones/z": {**zone, "dnssecConfig": {"state": "on"}},
        "projects/p/managedZones/z/dnsKeys": {"dnsKeys": keys},
        "projects/p/managedZones/plain": {**zone, "dnssecConfig": {"state": "off"}},
        "projects/p/managedZones/shut": (403, "Forbidden"),
    }
    servers = frozenset({"ns-cloud-a1.googledomains.com"})
    with google(found) as environment:
        project = GoogleProject(environment)
        assert project.zone("p", "z") == PublicZone("acme.example", servers, frozenset({"7 8 2 ab12"}))
        assert project.zone("p", "plain") == PublicZone("acme.example", servers, frozenset())
        assert project.zone("p", "none") is None
        with pytest.raises(NoAnswer, match="Cloud DNS answered 403"):
            project.zone("p", "shut")


IMAGE = ArtifactImage("us", "p", "apps", "team/app", f"sha256:{'0' * 64}")


def test_an_image_is_there_by_its_digest_however_its_name_is_written() -> None:
    assert artifact_image(f"us-docker.pkg.dev/p/apps/team/app@sha256:{'0' * 64}") == IMAGE
    assert artifact_image(f"us-docker.pkg.dev/p/apps/team/app:1.9@sha256:{'0' * 64}") == IMAGE
    name = "projects/{}/locations/us/repositories/apps/dockerImages/team/app@{}"
    found = {
        name.format("p", IMAGE.digest): {"name": "n", "uri": "u"},
        name.format("shut", IMAGE.digest): (403, "Permission denied"),
    }
    with google(found) as environment:
        project = GoogleProject(environment)
        assert project.has_image(IMAGE)
        assert not project.has_image(IMAGE._replace(digest=f"sha256:{'1' * 64}"))
        with pytest.raises(NoAnswer, match="Artifact Registry answered 403"):
            project.has_image(IMAGE._replace(project="shut"))


def test_a_public_image_is_there_by_its_digest() -> None:
    name, digest = "cloud-sql-connectors/cloud-sql-proxy", f"sha256:{'0' * 64}"
    assert public_image(f"gcr.io/{name}:2.23.0@{digest}") == (name, digest)
    assert public_image(f"gcr.io/{name}:2.23.0") is None
    with google({f"gcr.io/v2/{name}/manifests/{digest}": {"schemaVersion": 2}}) as environment:
        project = GoogleProject(environment)
        assert project.has_image(PublicImage(name, digest))
        assert not project.has_image(PublicImage(name, f"sha256:{'1' * 64}"))


@pytest.mark.parametrize(
    ("state", "answer"),
    [("CAN_ACCESS", True), ("CANNOT_ACCESS", False), ("UNKNOWN_INFO", None), ("UNKNOWN_CONDITIONAL", None)],
)
def test_who_may_pull_is_what_google_says_and_else_nobody_knows(state: str, answer: bool | None) -> None:
    with google({"iam:troubleshoot": {"overallAccessState": state}}) as environment:
        project = GoogleProject(environment)
        if answer is None:
            with pytest.raises(NoAnswer, match=f"says {state} of nodes@p"):
                project.may_pull("nodes@p", IMAGE)
        else:
            assert project.may_pull("nodes@p", IMAGE) is answer


def test_a_secret_has_a_value_when_a_version_is_enabled() -> None:
    enabled = [{"name": "1", "state": "ENABLED"}]
    secrets: Secrets = {"projects/p/secrets/set": enabled, "projects/p/secrets/empty": []}
    with google(secrets=secrets) as environment:
        project = GoogleProject(environment)
        assert project.has_value("projects/p/secrets/set")
        assert not project.has_value("projects/p/secrets/empty")
        assert not project.has_value("projects/p/secrets/none")
        away = GoogleProject({**environment, "GOOGLE_OAUTH_ACCESS_TOKEN": "another"})
        with pytest.raises(NoAnswer, match="answered 401"):
            away.has_value("projects/p/secrets/set")


def test_a_call_and_an_answer_that_no_discovery_document_knows_are_noticed() -> None:
    with pytest.raises(AssertionError, match="no document knows GET"), google() as environment:
        GoogleClient(environment).ask(USAGE, "GET", "projects/p/services:batchGot")
    path = "projects/p/policies/sql.restrictPublicIp:getEffectivePolicy"
    found: dict[str, object] = {path: {"spec": {"rule": []}}}
    with pytest.raises(AssertionError, match=r"answers no spec\.rule"), google(found) as environment:
        GoogleProject(environment).policy("p", "sql.restrictPublicIp")
