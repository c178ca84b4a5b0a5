from typing import Any

import pytest

from stacks.recording.model import Options, Resource
from tests.components.sdk_types import mistakes

DATABASE = "gcp:sql/databaseInstance:DatabaseInstance"


def recorded(kind: str, inputs: dict[str, Any], custom: bool = True) -> Resource:
    return Resource("urn", kind, "name", None, custom=custom, inputs=inputs, options=Options())


def test_inputs_that_the_sdk_knows_are_no_mistakes() -> None:
    settings = {"tier": "db-custom-2-7680", "diskSize": 20, "userLabels": {"env": "production"}}
    assert mistakes(recorded(DATABASE, {"databaseVersion": "POSTGRES_16", "settings": settings})) == []


def test_an_unknown_name_deep_inside_is_named_with_its_path() -> None:
    networks = [{"valeu": "10.0.0.0/8"}]
    settings = {"tier": "db-custom-2-7680", "ipConfiguration": {"authorizedNetworks": networks}}
    at = "settings.ipConfiguration.authorizedNetworks[0]"
    arguments = "DatabaseInstanceSettingsIpConfigurationAuthorizedNetworkArgs"
    assert mistakes(recorded(DATABASE, {"databaseVersion": "POSTGRES_16", "settings": settings})) == [
        f"{at}.valeu: {arguments} has no such property; did you mean value?",
        f"{at}.value: {arguments} requires it",
    ]


def test_a_missing_required_input_is_a_mistake_at_any_depth() -> None:
    assert mistakes(recorded(DATABASE, {"settings": {}})) == [
        "databaseVersion: DatabaseInstanceArgs requires it",
        "settings.tier: DatabaseInstanceSettingsArgs requires it",
    ]


@pytest.mark.parametrize(
    ("inputs", "mistake"),
    [
        ({"dnsName": 7}, "dnsName: 7 isn't str"),
        ({"dnsName": "a.", "forceDestroy": "no"}, "forceDestroy: 'no' isn't bool"),
        ({"dnsName": "a.", "labels": {"env": True}}, "labels[env]: True isn't str"),
        ({"dnsName": "a.", "dnssecConfig": "on"}, "dnssecConfig: 'on' isn't ManagedZoneDnssecConfigArgs"),
    ],
)
def test_a_value_of_another_type_is_a_mistake(inputs: dict[str, Any], mistake: str) -> None:
    assert mistakes(recorded("gcp:dns/managedZone:ManagedZone", inputs)) == [mistake]


def test_unknown_and_secret_values_pass_as_any_type() -> None:
    inputs = {"dnsName": {"$unknown": []}, "dnssecConfig": {"$secret": True}}
    assert mistakes(recorded("gcp:dns/managedZone:ManagedZone", inputs)) == []


def test_objects_of_kubernetes_are_checked_by_its_own_types() -> None:
    container = {"name": "web", "imagePullPolicies": "Always", "ports": [{"containerPort": "8080"}]}
    inputs = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "strategy": {"rollingUpdate": {"maxSurge": 3, "maxUnavailable": "0%"}},
            "template": {"spec": {"containers": [container]}},
        },
    }
    at = "spec.template.spec.containers[0]"
    assert mistakes(recorded("kubernetes:apps/v1:Deployment", inputs)) == [
        f"{at}.imagePullPolicies: ContainerArgs has no such property; did you mean imagePullPolicy?",
        f"{at}.ports[0].containerPort: '8080' isn't int",
    ]


def test_a_custom_resource_has_fields_of_its_own_but_must_be_what_its_type_says() -> None:
    group, kind = "monitoring.googleapis.com/v1", "PodMonitoring"
    own = {"apiVersion": group, "kind": kind, "metadata": {}, "spec": {"port": "metrics"}}
    assert mistakes(recorded(f"kubernetes:{group}:{kind}", own)) == []
    assert mistakes(recorded(f"kubernetes:{group}:{kind}", {**own, "kind": "PodMonitor"})) == [
        f"kind: 'PodMonitor', but the type is kubernetes:{group}:{kind}"
    ]


def test_providers_and_components_are_recorded_too() -> None:
    assert mistakes(recorded("pulumi:providers:gcp", {"version": "10.2.0", "regoin": "us-east1"})) == [
        "regoin: ProviderArgs has no such property; did you mean region?"
    ]
    assert mistakes(recorded("pave:foundation:Network", {"origin": {}}, custom=False)) == []
