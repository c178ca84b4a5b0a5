"""The copies of a program that a cluster runs for all of its services."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.core.v1 import PodSpecArgs, PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components.paved import Paved

ROLLOUT_SECONDS = 600
"""Time for a new node and the image: Kubernetes' own default."""

PATIENCE = pulumi.CustomTimeouts(create="900s", update="900s")
"""The engine waits for copies, and must not give up before Kubernetes does."""


def keep_running(
    component: Paved,
    name: str,
    pod: PodSpecArgs,
    count: int,
    *,
    namespace: str,
    labels: Mapping[str, str],
    selector: Mapping[str, str],
    after: Sequence[pulumi.Resource],
) -> Deployment:
    """Makes so many copies of `pod` children of a component, all called `name`, with `labels` and those that
    they are found by, `selector`; and lets maintenance take one at a time. They come after all of `after`, of
    which the first is their namespace."""
    metadata = ObjectMetaArgs(name=name, namespace=namespace, labels=labels)
    matching = LabelSelectorArgs(match_labels=selector)
    PodDisruptionBudget(
        name,
        metadata=metadata,
        spec=PodDisruptionBudgetSpecArgs(selector=matching, max_unavailable=1),
        opts=component.child(depends_on=list(after[:1])),
    )
    return Deployment(
        name,
        metadata=metadata,
        spec=DeploymentSpecArgs(
            replicas=count,
            selector=matching,
            template=PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels={**labels, **selector}), spec=pod),
            progress_deadline_seconds=ROLLOUT_SECONDS,
        ),
        opts=component.child(depends_on=list(after), custom_timeouts=PATIENCE),
    )
