"""One service calls another in the same cluster: the path is open at both ends, and the address is told."""

import pytest

from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, named, one, plan
from tests.components.test_workload import container

TO_PRICES = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "price-list"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "server"}},
        }
    ],
    "ports": [{"protocol": "TCP", "port": 50051}],
}


def test_the_callers_pods_may_call_that_workload_at_its_port_and_nothing_else_there() -> None:
    egress = named(":NetworkPolicy", "django-shop-outgoing", "django-shop").inputs["spec"]["egress"]
    assert [rule for rule in egress if any("namespaceSelector" in to for to in rule["to"])][1:] == [TO_PRICES]
    hosts = [policy.inputs["metadata"]["name"] for policy in all_of(":FQDNNetworkPolicy", "django-shop")]
    assert all(host.endswith(".googleapis.com") for host in hosts), "it is not called over the internet"


def test_the_called_lets_in_namespaces_of_those_who_depend_on_it_and_no_load_balancer() -> None:
    namespace = one(":Namespace", "django-shop").inputs["metadata"]
    assert namespace["labels"]["calls.pave/price-list"] == "true"
    (rule,) = named(":NetworkPolicy", "price-list-server", "price-list").inputs["spec"]["ingress"]
    assert [each["namespaceSelector"]["matchLabels"] for each in rule["from"]] == [
        {"calls.pave/price-list": "true"},
    ]
    assert rule["ports"] == [{"protocol": "TCP", "port": 50051}]


@pytest.mark.parametrize("workload", ["web", "tasks", "beat"])
def test_every_workload_is_told_where_the_other_is(workload: str) -> None:
    told = {each["name"]: each.get("value") for each in container(deployed(workload))["env"]}
    assert told["PRICES_ADDRESS"] == "server.price-list.svc.cluster.local:50051"
    assert told["PRICES_URL"] == "dns:///server.price-list.svc.cluster.local:50051"


def deployed(workload: str) -> PlannedResource:
    kind = ":Deployment" if workload == "beat" else ":Rollout"
    return named(kind, f"django-shop-{workload}", "django-shop")


def test_what_only_the_cluster_may_call_has_a_name_there_and_none_on_the_internet() -> None:
    kinds = {resource.type for resource in plan("price-list").resources if resource.custom}
    assert not {kind for kind in kinds if kind.startswith(("gcp:compute/", "gcp:dns/", "gcp:certificate"))}
    service = one("core/v1:Service", "price-list").inputs
    assert service["spec"]["ports"] == [{"name": "grpc", "port": 50051, "targetPort": "grpc"}]
    assert "annotations" not in service["metadata"]
