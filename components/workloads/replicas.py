"""The copies of a workload that runs all the time: how they are replaced, scaled and kept."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.apps.v1 import (
    Deployment,
    DeploymentSpecArgs,
    DeploymentStrategyArgs,
    RollingUpdateDeploymentArgs,
)
from pulumi_kubernetes.autoscaling.v2 import (
    ContainerResourceMetricSourceArgs,
    CrossVersionObjectReferenceArgs,
    ExternalMetricSourceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerSpecArgs,
    MetricIdentifierArgs,
    MetricSpecArgs,
    MetricTargetArgs,
)
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components.design.model import WorkloadDesign
from components.design.scaling import QueueTarget
from components.paved import Paved
from components.workloads.pods import IMAGE
from components.workloads.rollout import API_VERSION, KIND, TURNS_BACK, Rollout


class Replicas(Paved, area="service"):
    """A deployment or rollout of `pods`, its autoscaler, and a bound on how many copies maintenance may take
    at once.

    Of a single leader there is one copy, no autoscaler, and a new version starts when the old one has ended.
    Kubernetes may still run two for a while where it has lost sight of a node
    (https://kubernetes.io/docs/concepts/architecture/nodes/#condition): what must never happen twice needs a
    lock of its own as well. Of all others, nobody but the autoscaler says how many copies there are: with
    server-side apply, a field that isn't given is left to whoever set it. Likewise the image, when the
    pipeline owns it."""

    running: pulumi.Resource

    def __init__(
        self,
        design: WorkloadDesign,
        *,
        namespace: str,
        pods: PodTemplateSpecArgs,
        selector: Mapping[str, str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self._design = design
        metadata = ObjectMetaArgs(name=design.name, namespace=namespace, labels=labels)
        matching = LabelSelectorArgs(match_labels=selector)
        ignored = [IMAGE] if design.image_owner == "pipeline" else None
        if design.rollout is not None:
            self.running = Rollout(
                design,
                design.rollout,
                metadata=metadata,
                pods=pods,
                selector=selector,
                ignore=None if ignored is None else [*ignored, TURNS_BACK],
                opts=self.child(),
            )
        else:
            self.running = Deployment(
                design.resource,
                metadata=metadata,
                spec=DeploymentSpecArgs(
                    selector=matching,
                    replicas=1 if design.single_leader else None,
                    strategy=_strategy(design),
                    min_ready_seconds=design.min_ready_seconds,
                    progress_deadline_seconds=design.progress_seconds,
                    template=pods,
                ),
                opts=self.child(ignore_changes=ignored, custom_timeouts=_no_shorter_than_a_rollout(design)),
            )
        if not design.single_leader:
            self._scale(metadata)
        PodDisruptionBudget(
            design.resource,
            metadata=metadata,
            spec=PodDisruptionBudgetSpecArgs(
                selector=matching,
                max_unavailable=1,
                unhealthy_pod_eviction_policy="AlwaysAllow",  # a broken copy doesn't hold up a node's upgrade
            ),
            opts=self.child(),
        )
        self.register_outputs({"name": design.name})

    def _scale(self, metadata: ObjectMetaArgs) -> None:
        design = self._design
        is_stepwise = design.rollout is not None
        HorizontalPodAutoscaler(
            design.resource,
            metadata=metadata,
            spec=HorizontalPodAutoscalerSpecArgs(
                scale_target_ref=CrossVersionObjectReferenceArgs(
                    api_version=API_VERSION if is_stepwise else "apps/v1",
                    kind=KIND if is_stepwise else "Deployment",
                    name=design.name,
                ),
                min_replicas=design.min_replicas,
                max_replicas=design.max_replicas,
                metrics=_metrics(design),
            ),
            opts=self.child(depends_on=[self.running]),
        )


def _strategy(design: WorkloadDesign) -> DeploymentStrategyArgs:
    if design.single_leader:
        return DeploymentStrategyArgs(type="Recreate")
    update = RollingUpdateDeploymentArgs(max_surge=design.max_surge, max_unavailable=design.max_unavailable)
    return DeploymentStrategyArgs(type="RollingUpdate", rolling_update=update)


def _no_shorter_than_a_rollout(design: WorkloadDesign) -> pulumi.CustomTimeouts:
    """Pulumi waits until the copies are ready, and would give up before Kubernetes does: after ten minutes,
    https://www.pulumi.com/docs/iac/concepts/resources/options/customtimeouts/."""
    seconds = f"{design.wait_seconds}s"
    return pulumi.CustomTimeouts(create=seconds, update=seconds)


def _metrics(design: WorkloadDesign) -> Sequence[MetricSpecArgs]:
    """What the workload's own container uses: of a whole pod, an idle proxy would hide how busy it is
    (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics).
    And what waits in its queue, if that counts: whichever asks for more copies gets them, and while nobody
    knows how much waits, there are never fewer."""
    target = MetricTargetArgs(type="Utilization", average_utilization=design.cpu_target_percent)
    source = ContainerResourceMetricSourceArgs(container=design.name, name="cpu", target=target)
    found = [MetricSpecArgs(type="ContainerResource", container_resource=source)]
    return [*found, _waiting(design.queue_target)] if design.queue_target is not None else found


def _waiting(target: QueueTarget) -> MetricSpecArgs:
    """As Google's adapter asks Cloud Monitoring: https://cloud.google.com/kubernetes-engine/docs/tutorials/autoscaling-metrics."""
    metric = MetricIdentifierArgs(
        name="pubsub.googleapis.com|subscription|num_undelivered_messages",
        selector=LabelSelectorArgs(match_labels={"resource.labels.subscription_id": target.subscription}),
    )
    per_copy = MetricTargetArgs(type="AverageValue", average_value=str(target.messages))
    return MetricSpecArgs(type="External", external=ExternalMetricSourceArgs(metric=metric, target=per_copy))
