import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kubernetes_validate  # type: ignore[import-untyped]
import msgspec
import pytest

from catalog.loader import load
from stacks.plan import PlannedResource, Planner
from stacks.providers.table import TYPES
from stacks.stack import Stack
from tests.components.sdk_types import input_names, mistakes
from tests.components.service_plans import CATALOG, SHAPES, SHIPPED, all_of, plan

STATEFUL = {token for token, row in TYPES.items() if row.is_stateful}
CUSTOM_KINDS = {
    *("FQDNNetworkPolicy", "SecretProviderClass", "SecretSync"),
    *("AnalysisTemplate", "GlobalRules", "PodMonitoring", "Rollout", "Rules"),
}
LABELS = {
    "cost-centre": "fulfillment",
    "env": "production",
    "managed-by": "pave",
    "service": "customersdot",
    "stack": "service_customersdot_production",
    "team": "fulfillment-platform",
}

every_shape = pytest.mark.parametrize("name", [*SHIPPED, *SHAPES])


def owned(name: str) -> Iterator[PlannedResource]:
    """All that the service itself brings: no providers, no reference."""
    return (r for r in plan(name).resources if not r.type.startswith("pulumi:"))


def objects(name: str) -> Iterator[PlannedResource]:
    return (r for r in owned(name) if r.type.startswith("kubernetes:"))


@every_shape
def test_the_sdk_knows_every_input_and_misses_none(name: str) -> None:
    assert {r.urn: found for r in plan(name).resources if (found := mistakes(r))} == {}


@pytest.fixture(scope="module")
def read_once() -> Iterator[None]:
    """Kubernetes' schemas, some megabytes of JSON, are read once and not for each object."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            kubernetes_validate.utils, "schema_contents", cache(kubernetes_validate.utils.schema_contents)
        )
        yield


@pytest.mark.usefixtures("read_once")
@every_shape
@pytest.mark.parametrize("version", ["1.34", "1.35"])
def test_kubernetes_own_schemas_take_every_object(name: str, version: str) -> None:
    for resource in objects(name):
        if resource.inputs["kind"] not in CUSTOM_KINDS:
            text = json.dumps(resource.inputs).replace('{"$unknown": ', '{"unknown": ')
            document = json.loads(text, object_hook=lambda o: "" if "unknown" in o else o)
            kubernetes_validate.validate(document, version, strict=True)


@every_shape
def test_every_resource_leads_to_the_service_s_own_file(name: str) -> None:
    documents = {resource.origin.document for resource in owned(name) if resource.origin is not None}
    assert all(resource.origin is not None for resource in owned(name))
    assert {document.rpartition("/")[2] for document in documents} == {f"{name}.yaml"}


@pytest.mark.parametrize(
    ("kind", "name", "pointer"),
    [
        ("DatabaseInstance", "customersdot-db-g1", "/spec/stores/0"),
        ("redis/instance:Instance", "customersdot-redis-g1", "/spec/stores/1"),
        ("BackendService", "customersdot-sign-in", "/spec/endpoints/1"),
        ("SecurityPolicy", "customersdot-sign-in", "/spec/endpoints/1"),
        ("v1alpha1:Rollout", "customersdot-jobs", "/spec/workloads/2"),
        ("CronJob", "customersdot-billing-clock", "/spec/workloads/3"),
        ("SSLPolicy", "customersdot", "/spec/edge"),
        ("secret:Secret", "customersdot-jwt-signing-key", "/spec/workloads/1/environment/2/secret"),
    ],
)
def test_a_finding_on_a_resource_leads_to_the_line_it_was_made_for(
    kind: str, name: str, pointer: str
) -> None:
    (resource,) = [r for r in all_of(kind) if r.name == name]
    assert resource.origin is not None
    assert (resource.origin.pointer, resource.origin.written) == (pointer, True)


@every_shape
def test_every_resource_that_can_bear_labels_does(name: str) -> None:
    for resource in owned(name):
        if resource.type.startswith("kubernetes:"):
            labels = resource.inputs["metadata"]["labels"]
        elif not resource.custom:
            continue
        elif "userLabels" in (names := input_names(resource.type)):
            labels = resource.inputs["userLabels"]  # the `labels` of a channel say whom it tells
        elif "labels" in names:
            labels = resource.inputs["labels"]
        else:
            continue
        assert labels.keys() >= LABELS.keys(), resource.urn
        assert labels["service"] == name


def test_labels_say_whose_it_is_and_who_pays() -> None:
    (database,) = all_of("DatabaseInstance")
    assert database.inputs["settings"]["userLabels"] == LABELS


@every_shape
def test_what_cannot_be_made_again_is_protected_in_production(name: str) -> None:
    for resource in owned(name):
        guards = (resource.options.protect, resource.options.retain_on_delete)
        assert guards == ((True, True) if resource.type in STATEFUL else (False, False)), resource.urn


def test_staging_can_be_torn_down() -> None:
    assert not any(
        r.options.protect or r.options.retain_on_delete for r in plan(environment="staging").resources
    )
    (database,) = all_of("DatabaseInstance", environment="staging")
    assert database.inputs["deletionProtection"] is False
    assert database.inputs["settings"]["deletionProtectionEnabled"] is False


@every_shape
def test_every_resource_has_an_explicit_provider_of_the_program(name: str) -> None:
    for resource in owned(name):
        if resource.custom:
            package = resource.type.partition(":")[0]
            assert resource.options.provider.endswith(f"::pulumi:providers:{package}::{package}"), (
                resource.urn
            )


@every_shape
def test_every_name_is_explicit(name: str) -> None:
    for resource in owned(name):
        if resource.type.startswith("kubernetes:"):
            assert resource.inputs["metadata"]["name"], resource.urn
        elif resource.custom and "name" in input_names(resource.type):
            given = resource.inputs["name"]
            # The record that proves a host is Google's to name, and known once it is asked for.
            is_googles = isinstance(given, dict) and "DnsAuthorization" in str(given.get("$unknown"))
            assert isinstance(given, str) or is_googles, resource.urn


@every_shape
def test_no_value_of_a_secret_is_given_to_anything(name: str) -> None:
    assert '{"$secret"' not in msgspec.json.encode(plan(name)).decode()
    written = [r for r in plan(name).resources if "secretVersion" in r.type]
    assert all(r.inputs["secret"].endswith("-auth") for r in written), "people set the others"
    assert all("$unknown" in r.inputs["secretDataWo"] for r in written)
    given = {key for r in owned(name) for key in r.inputs if "password" in key.lower()}
    assert given == set()


def test_recording_twice_gives_the_same_bytes() -> None:
    stack = Stack("service", "customersdot", "production")
    first, second = (Planner(load(CATALOG)).plan(stack) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(second)


def test_a_service_is_what_its_file_says_and_nothing_else() -> None:
    kinds = {r.type for r in owned("nightly-report") if r.custom}
    assert kinds == {
        "gcp:projects/iAMMember:IAMMember",
        "gcp:serviceaccount/account:Account",
        "gcp:serviceaccount/iAMMember:IAMMember",
        "kubernetes:batch/v1:CronJob",
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:ServiceAccount",
        "kubernetes:networking.gke.io/v1alpha1:FQDNNetworkPolicy",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    }


def test_components_stay_readable() -> None:
    modules = Path(CATALOG).parent.joinpath("components").glob("*.py")
    assert {path.name for path in modules if len(path.read_text().splitlines()) > 200} == set()
