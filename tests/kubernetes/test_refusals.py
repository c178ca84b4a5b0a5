"""The server does look: what is misspelt, impossible, immutable or too mighty is refused or warned of."""

import copy
import secrets
from typing import Any

import pytest

from stacks.providers.kubernetes import KUBERNETES
from tests.kubernetes.api_server import ApiServer, Json
from tests.kubernetes.planned import UNIT, pods, resources

pytestmark = pytest.mark.kubernetes


def one_of(kind: str) -> Json:
    """The first resource of that kind that CustomersDot asks for, or else a shop, or what watches both."""
    services = [*resources("customersdot", "production"), *resources("django-shop", "production")]
    asked = [*services, *resources(UNIT, "production")]
    return copy.deepcopy(next(one for one in asked if one["kind"] == kind))


@pytest.fixture
def scratch(server: ApiServer) -> Json:
    """A namespace like a service's, of one test's own."""
    namespace = one_of("Namespace")
    namespace["metadata"]["name"] = f"scratch-{secrets.token_hex(8)}"
    assert server.apply(namespace).is_taken
    return namespace


def within(namespace: Json, resource: Json) -> Json:
    resource["metadata"]["namespace"] = namespace["metadata"]["name"]
    return resource


def put(resource: Json, path: str, value: Any) -> Json:
    """The same resource with `value` at a path like `spec.containers.0.image`."""
    *above, last = path.split(".")
    place: Any = resource
    for step in above:
        place = place[int(step) if isinstance(place, list) else step]
    place[last] = value
    return resource


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Deployment", "spec.template.spec.containers.0.redinessProbe"),
        ("CronJob", "spec.jobTemplate.spec.backofLimit"),
        ("HorizontalPodAutoscaler", "spec.minReplica"),
        ("PodDisruptionBudget", "spec.maxUnavailible"),
        ("NetworkPolicy", "spec.podSelecter"),
        ("Service", "spec.port"),
        ("ServiceAccount", "automountToken"),
        ("SecretProviderClass", "spec.parameter"),
        ("SecretSync", "spec.secretObject.datas"),
        ("FQDNNetworkPolicy", "spec.egress.0.hosts"),
    ],
)
def test_a_misspelt_field_is_refused_by_its_name(
    server: ApiServer, scratch: Json, kind: str, path: str
) -> None:
    resource = put(within(scratch, one_of(kind)), path, 1)
    answer = server.apply(resource)
    assert not answer.is_taken
    assert path.rpartition(".")[2] in answer.body["message"]
    assert server.get(resource).status == 404


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("HorizontalPodAutoscaler", "spec.minReplicas", 100),
        ("PodDisruptionBudget", "spec.maxUnavailable", "a third"),
        ("NetworkPolicy", "spec.policyTypes", ["Everything"]),
        ("Deployment", "spec.template.spec.initContainers.0.restartPolicy", "Sometimes"),
        ("Deployment", "spec.template.spec.initContainers.0.restartPolicy", "Never"),
        ("CronJob", "spec.jobTemplate.spec.template.spec.containers.0.name", "cloud-sql-proxy"),
        ("CronJob", "spec.schedule", "61 * * * *"),
        ("CronJob", "spec.timeZone", "Mars/Olympus"),
        ("Deployment", "spec.selector", {"matchLabels": {"app.kubernetes.io/name": "another"}}),
        ("SecretSync", "spec.secretObject.data", []),
        ("FQDNNetworkPolicy", "spec.egress", []),
        ("FQDNNetworkPolicy", "spec.egress.0.matches", [{"name": "*.vendor.example"}]),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    server: ApiServer, scratch: Json, kind: str, path: str, value: Any
) -> None:
    answer = server.apply(put(within(scratch, one_of(kind)), path, value))
    assert answer.status == 422
    assert answer.body["reason"] == "Invalid"


ANOTHER: dict[str, Any] = {
    "spec.selector": {"matchLabels": {"app.kubernetes.io/name": "another"}},
    "spec.clusterIP": "10.0.0.250",
    "spec.completions": 2,
    "spec.podManagementPolicy": "OrderedReady",
    "spec.serviceName": "another",
    "spec.volumeClaimTemplates": [],
    "spec.template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "other", "image": "a:1"}]}},
}


@pytest.mark.parametrize(
    ("token", "path"),
    [
        (token, path)
        for token, row in KUBERNETES.items()
        for path in row.immutable
        if path.startswith("spec.")
    ],
)
def test_what_the_local_cloud_calls_immutable_is(
    server: ApiServer, scratch: Json, token: str, path: str
) -> None:
    resource = within(scratch, one_of(token.rpartition(":")[2]))
    assert server.apply(resource).is_taken
    if path == "spec.selector":  # or it would be refused for choosing other pods than its own
        resource["spec"]["template"]["metadata"]["labels"] |= ANOTHER[path]["matchLabels"]
    answer = server.apply(put(resource, path, ANOTHER[path]))
    assert answer.status == 422
    said = (
        "field is immutable",
        "may not change once set",
        "updates to statefulset spec for fields other than",
    )
    assert any(words in answer.body["message"] for words in said)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.template.spec.hostNetwork", True),
        ("spec.template.spec.containers.0.securityContext", {"privileged": True}),
        ("spec.template.spec.securityContext", {"runAsNonRoot": False}),
    ],
)
def test_pods_that_could_take_the_node_are_warned_of_and_kept_out(
    server: ApiServer, scratch: Json, path: str, value: Any
) -> None:
    deployment = put(within(scratch, one_of("Deployment")), path, value)
    answer = server.apply(deployment)
    assert answer.is_taken
    assert ["restricted" in warning for warning in answer.warnings] == [True]
    account = within(scratch, one_of("ServiceAccount"))
    account["metadata"]["name"] = deployment["metadata"]["name"]
    assert server.apply(account).is_taken
    (pod,) = pods(deployment)
    refusal = server.would_create(pod)
    assert refusal.status == 403
    assert "restricted" in refusal.body["message"]


def test_the_operators_configuration_is_patched_where_it_is_and_nowhere_else(server: ApiServer) -> None:
    patch = one_of("OperatorConfig")
    others = {**patch, "collection": {"compression": "gzip"}}
    del others["rules"]
    assert server.apply(others, manager="somebody else").is_taken
    assert server.apply(patch).is_taken
    found = server.get(patch).body
    assert found["rules"] == patch["rules"]
    assert found["collection"] == others["collection"], "what others have set there stays"
    other = put(copy.deepcopy(patch), "metadata.name", "mine")
    assert server.apply(other).status == 422
    nobody = put(
        copy.deepcopy(patch), "rules.alerting.alertmanagers", [{"name": "alertmanager", "port": 9093}]
    )
    assert "namespace" in server.apply(nobody).body["message"]
