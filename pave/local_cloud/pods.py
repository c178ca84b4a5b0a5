"""What Kubernetes refuses in the pods of a workload, and no schema of it says."""

from collections.abc import Iterator

from catalog.document import Json
from stacks.pods import INIT, containers

VALIDATION = "https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/validation/validation.go"
"""Where `validateInitContainers` and `validateContainers` stand."""

RESTARTS = ("Always", "Never", "OnFailure")
OF_WHAT_STAYS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
"""Fields that an init container may have only when it goes on running beside the others:
https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/."""


def impossible(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """The property and the reason, for what is wrong in the containers of an object's pods."""
    names = set()
    for place, container in containers(token, inputs):
        if container.get("name") in names:
            yield f"{place}.name", f"Duplicate value: {container['name']!r}"
        names.add(container.get("name"))
        restart = container.get("restartPolicy")
        if restart is not None and restart not in RESTARTS:
            yield f"{place}.restartPolicy", f"Unsupported value: {restart!r} ({VALIDATION})"
        if INIT in place and restart != "Always":
            for field in OF_WHAT_STAYS:
                if field in container:
                    why = "may not be set for init containers without restartPolicy=Always"
                    yield f"{place}.{field}", f"Forbidden: {why} ({VALIDATION})"
