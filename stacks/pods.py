"""Where the objects of Kubernetes say what their pods are, and which containers those have."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from stacks.providers.kubernetes import ROLLOUT

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
JOB = "kubernetes:batch/v1:Job"
CRON_JOB = "kubernetes:batch/v1:CronJob"

PODS: Mapping[str, tuple[str, ...]] = {
    DEPLOYMENT: ("spec", "template", "spec"),
    ROLLOUT: ("spec", "template", "spec"),
    STATEFUL_SET: ("spec", "template", "spec"),
    JOB: ("spec", "template", "spec"),
    CRON_JOB: ("spec", "jobTemplate", "spec", "template", "spec"),
}
"""Where an object of a type says what its pods are."""

INIT = "initContainers"


def containers(token: str, inputs: Json) -> Iterator[tuple[str, Json]]:
    """All containers of an object's pods, first those that come first, with their dotted paths, such as
    `spec.template.spec.containers[0]`; none of an object of another type."""
    pod = pod_of(token, inputs)
    for kind in (INIT, "containers"):
        for index, container in enumerate(pod.get(kind) or ()):
            yield ".".join([*PODS[token], f"{kind}[{index}]"]), container


def pod_of(token: str, inputs: Json) -> Json:
    """What the pods of an object are; empty of an object of another type."""
    if token not in PODS:
        return {}
    pod: Any = inputs
    for name in PODS[token]:
        pod = pod.get(name) or {}
    found: Json = pod
    return found
