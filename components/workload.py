"""One workload of a service on Kubernetes."""

import json
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    DeploymentStrategyArgs,
    RollingUpdateDeploymentArgs,
)
from pulumi_kubernetes.autoscaling.v2 import (
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerSpecArgs,
    MetricSpecArgs,
    MetricTargetArgs,
    ResourceMetricSourceArgs,
)
from pulumi_kubernetes.core.v1 import Service, ServiceAccount, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components.design.foundation import LOAD_BALANCERS
from components.design.model import Account, Secret, WorkloadDesign
from components.paved import Paved
from components.pods import IMAGE, running_pods, serving_pods
from components.schedule import Schedule
from components.synced_secrets import SyncedSecrets

NEG_STATUS = r"jsonpath={.metadata.annotations.cloud\.google\.com/neg-status}"
"""Set by GKE when the network endpoint groups exist:
https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg."""

METRICS_NAMESPACE = "gmp-system"
"""Where Google's managed collectors of metrics run."""


class Workload(Paved, area="service"):
    """A deployment with its autoscaler, or a schedule; it acts as `account` and as nobody else.

    `variables` are added to those of the design. Everything is called like the workload, in `namespace`.
    `ready` is what has to exist before a load balancer can send it requests."""

    def __init__(
        self,
        design: WorkloadDesign,
        *,
        namespace: str,
        project: str,
        account: Account,
        secrets: Sequence[Secret],
        variables: Mapping[str, pulumi.Input[str]],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self._design = design
        self._namespace = namespace
        self._selector = {"app.kubernetes.io/name": design.name}
        self._labels = {**labels, **self._selector}
        self.ready: list[pulumi.Resource] = []
        needed: list[pulumi.Resource] = [
            ServiceAccount(
                design.resource,
                metadata=self._metadata({"iam.gke.io/gcp-service-account": account.email}),
                automount_service_account_token=False,
                opts=self.child(),
            )
        ]
        if secrets:
            needed.append(
                SyncedSecrets(
                    design,
                    namespace=namespace,
                    project=project,
                    secrets=secrets,
                    labels=self._labels,
                    opts=self.child(depends_on=list(needed)),
                )
            )
        if design.kind == "cron":
            pods = running_pods(design, variables, labels, self._selector)
            options = self.child(depends_on=needed)
            Schedule(design, namespace=namespace, pods=pods, labels=self._labels, opts=options)
        else:
            self._serve(variables, labels, needed)
        self.register_outputs({"name": design.name})

    def _serve(
        self,
        variables: Mapping[str, pulumi.Input[str]],
        labels: Mapping[str, str],
        needed: list[pulumi.Resource],
    ) -> None:
        """Nobody but the autoscaler says how many copies there are: with server-side apply, a field that isn't
        given is left to whoever set it."""
        design = self._design
        strategy = DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=RollingUpdateDeploymentArgs(
                max_surge=design.max_surge, max_unavailable=design.max_unavailable
            ),
        )
        deployment = Deployment(
            design.resource,
            metadata=self._metadata(),
            spec=DeploymentSpecArgs(
                selector=LabelSelectorArgs(match_labels=self._selector),
                strategy=strategy,
                progress_deadline_seconds=design.progress_seconds,
                template=serving_pods(design, variables, labels, self._selector),
            ),
            opts=self.child(
                depends_on=needed, ignore_changes=[IMAGE] if design.image_owner == "pipeline" else None
            ),
        )
        self._scale(deployment)
        self._let_in()
        if design.kind == "web":
            self.ready = [deployment, self._expose()]

    def _scale(self, deployment: Deployment) -> None:
        design = self._design
        cpu = ResourceMetricSourceArgs(
            name="cpu",
            target=MetricTargetArgs(type="Utilization", average_utilization=design.cpu_target_percent),
        )
        HorizontalPodAutoscaler(
            design.resource,
            metadata=self._metadata(),
            spec=HorizontalPodAutoscalerSpecArgs(
                scale_target_ref=CrossVersionObjectReferenceArgs(
                    api_version="apps/v1", kind="Deployment", name=design.name
                ),
                min_replicas=design.min_replicas,
                max_replicas=design.max_replicas,
                metrics=[MetricSpecArgs(type="Resource", resource=cpu)],
            ),
            opts=self.child(depends_on=[deployment]),
        )
        PodDisruptionBudget(
            design.resource,
            metadata=self._metadata(),
            spec=PodDisruptionBudgetSpecArgs(
                selector=LabelSelectorArgs(match_labels=self._selector),
                max_unavailable=1,
                unhealthy_pod_eviction_policy="AlwaysAllow",  # a broken copy doesn't hold up a node's upgrade
            ),
            opts=self.child(),
        )

    def _let_in(self) -> None:
        """Load balancers and the collectors of metrics may ask at the port. The node's probes always may."""
        collectors = LabelSelectorArgs(match_labels={"kubernetes.io/metadata.name": METRICS_NAMESPACE})
        callers = [NetworkPolicyPeerArgs(namespace_selector=collectors)]
        if self._design.kind == "web":
            callers += [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in LOAD_BALANCERS]
        port = NetworkPolicyPortArgs(protocol="TCP", port=self._design.port)
        NetworkPolicy(
            self._design.resource,
            metadata=self._metadata(),
            spec=NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels=self._selector),
                policy_types=["Ingress"],
                ingress=[NetworkPolicyIngressRuleArgs(from_=callers, ports=[port])],
            ),
            opts=self.child(),
        )

    def _expose(self) -> Service:
        """A service whose copies GKE keeps in one network endpoint group per zone, under the design's name."""
        design = self._design
        groups = {"exposed_ports": {str(design.port): {"name": design.resource}}}
        annotations = {"cloud.google.com/neg": json.dumps(groups), "pulumi.com/waitFor": NEG_STATUS}
        return Service(
            design.resource,
            metadata=self._metadata(annotations),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=self._selector,
                ports=[ServicePortArgs(name="http", port=design.port, target_port="http")],
            ),
            opts=self.child(),
        )

    def _metadata(self, annotations: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        return ObjectMetaArgs(
            name=self._design.name,
            namespace=self._namespace,
            labels=self._labels,
            annotations=annotations,
        )
