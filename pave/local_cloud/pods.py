"""What Kubernetes refuses in the pods of a workload, and no schema of it says."""

from collections.abc import Iterator, Mapping

from catalog.document import Json

VALIDATION = "https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/validation/validation.go"
"""Where `validateInitContainers` and `validateContainers` stand."""

RESTARTS = ("Always", "Never", "OnFailure")
OF_WHAT_STAYS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
"""Fields that an init container may have only when it goes on running beside the others:
https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/."""


def impossible(inputs: Json) -> Iterator[tuple[str, str]]:
    """The property and the reason, for what is wrong in the containers of an object's pods."""
    found = _pod(inputs)
    if found is None:
        return
    at, spec = found
    names = set()
    for kind in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(kind) or ()):
            place = f"{at}.{kind}[{index}]"
            if container.get("name") in names:
                yield f"{place}.name", f"Duplicate value: {container['name']!r}"
            names.add(container.get("name"))
            restart = container.get("restartPolicy")
            if restart is not None and restart not in RESTARTS:
                yield f"{place}.restartPolicy", f"Unsupported value: {restart!r} ({VALIDATION})"
            if kind == "initContainers" and restart != "Always":
                for field in OF_WHAT_STAYS:
                    if field in container:
                        why = "may not be set for init containers without restartPolicy=Always"
                        yield f"{place}.{field}", f"Forbidden: {why} ({VALIDATION})"


def _pod(inputs: Json) -> tuple[str, Json] | None:
    """Where the spec of a pod stands in an object, and that; None where there is none."""
    at, spec = "spec", inputs.get("spec")
    for step in ("jobTemplate", "template"):
        inner = spec.get(step) if isinstance(spec, Mapping) else None
        if isinstance(inner, Mapping):
            at, spec = f"{at}.{step}.spec", inner.get("spec")
    return (at, dict(spec)) if at != "spec" and isinstance(spec, Mapping) else None
