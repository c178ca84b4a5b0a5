"""What scales by a queue, from the line of its owner to who counts the messages."""

from typing import Any

from stacks.plan import PlannedResource
from tests.components.service_plans import named as of_service
from tests.components.test_foundation import plan

ADAPTER = "custom-metrics-stackdriver-adapter"


def named(kind: str, name: str) -> PlannedResource:
    (found,) = [r for r in plan().resources if r.type.endswith(kind) and r.name == name]
    return found


def within() -> list[PlannedResource]:
    return [r for r in plan().resources if r.type.startswith("kubernetes:")]


def pod() -> Any:
    return named(":Deployment", ADAPTER).inputs["spec"]["template"]["spec"]


def test_more_copies_come_for_more_cpu_or_more_messages() -> None:
    scaler = of_service(":HorizontalPodAutoscaler", "search-indexer-index", "search-indexer")
    cpu, queue = scaler.inputs["spec"]["metrics"]
    assert cpu["type"] == "ContainerResource"
    assert queue["external"] == {
        "metric": {
            "name": "pubsub.googleapis.com|subscription|num_undelivered_messages",
            "selector": {"matchLabels": {"resource.labels.subscription_id": "search-indexer-incoming-g1"}},
        },
        "target": {"type": "AverageValue", "averageValue": "200"},
    }


def test_the_subscription_that_is_counted_is_the_one_that_is_made() -> None:
    queue = of_service(":Subscription", "search-indexer-incoming-g1", "search-indexer")
    assert queue.inputs["name"] == "search-indexer-incoming-g1"


def test_the_control_plane_asks_the_adapter_where_it_listens() -> None:
    service = named(":APIService", "v1beta1.external.metrics.k8s.io").inputs["spec"]["service"]
    assert service == {"name": ADAPTER, "namespace": "custom-metrics", "port": 443}
    ports = named(":Service", ADAPTER).inputs["spec"]
    assert ports["ports"] == [{"port": 443, "targetPort": 443}]
    (container,) = pod()["containers"]
    assert container["ports"] == [{"name": "https", "containerPort": 443}]
    assert "--secure-port=443" in container["args"]
    labels = named(":Deployment", ADAPTER).inputs["spec"]["template"]["metadata"]["labels"]
    assert ports["selector"].items() <= labels.items()


def test_the_autoscaler_may_read_what_the_adapter_serves() -> None:
    binding = named(":ClusterRoleBinding", "custom-metrics:external-metrics-reader").inputs
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "horizontal-pod-autoscaler", "namespace": "kube-system"}
    ]
    (rule,) = named(":ClusterRole", "external-metrics-reader").inputs["rules"]
    assert rule["apiGroups"] == ["external.metrics.k8s.io"]


def test_the_adapter_runs_twice_without_privileges_and_reads_metrics_only() -> None:
    assert named(":Deployment", ADAPTER).inputs["spec"]["replicas"] == 2
    assert named(":PodDisruptionBudget", ADAPTER).inputs["spec"]["maxUnavailable"] == 1
    (container,) = pod()["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod()["securityContext"]["runAsUser"] == 65534
    enforced = named(":Namespace", "custom-metrics").inputs["metadata"]["labels"]
    assert enforced["pod-security.kubernetes.io/enforce"] == "restricted"
    grants = [r for r in plan().resources if "QueueMetrics" in (r.parent or "") and "iAMMember" in r.type]
    assert {grant.inputs["role"] for grant in grants} == {
        "roles/monitoring.viewer",
        "roles/iam.workloadIdentityUser",
    }


def test_all_of_it_waits_for_nodes_and_uses_the_cluster_of_this_stack() -> None:
    (provider,) = [r for r in plan().resources if r.type == "pulumi:providers:kubernetes"]
    (cluster,) = [r for r in plan().resources if r.type == "gcp:container/cluster:Cluster"]
    assert cluster.urn in provider.inputs["kubeconfig"]["$unknown"]
    assert {r.options.provider for r in within()} == {provider.urn}
