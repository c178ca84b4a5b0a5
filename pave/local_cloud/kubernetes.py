"""Objects of Kubernetes: judged by Kubernetes' own schemas, kept, and otherwise left alone.

Nothing runs here: no pods, no controllers, no defaults. Whether a Deployment comes up is not known."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from catalog.document import Json
from pave.local_cloud.outputs import Made
from pave.local_cloud.wire import is_unknown

VERSION = "1.35"
"""Of the schemas, which is what GKE's stable channel runs."""

CUSTOM = {
    # https://cloud.google.com/secret-manager/docs/sync-k8-secrets
    "kubernetes:secret-sync.gke.io/v1:SecretSync": (
        "secretObject",
        "secretProviderClassName",
        "serviceAccountName",
    ),
    "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": ("provider", "parameters"),
}
"""What GKE adds to Kubernetes, and the fields of `spec` that it requires: there are no schemas of it."""

KINDS = {
    "kubernetes:apps/v1:Deployment",
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:Service",
    "kubernetes:core/v1:ServiceAccount",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:policy/v1:PodDisruptionBudget",
    *CUSTOM,
}
"""What is served."""

IMMUTABLE = {
    "kubernetes:apps/v1:Deployment": ("spec.selector",),
    "kubernetes:core/v1:Service": ("spec.clusterIP",),
}
"""https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates"""

IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")


def identity(inputs: Json) -> str:
    """`namespace/name`, or the name of what stands in no namespace; empty while these aren't known."""
    metadata = inputs.get("metadata") or {}
    name, namespace = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str) or is_unknown([name, namespace]):
        return ""
    return f"{namespace}/{name}" if namespace else name


def problems(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """What Kubernetes would refuse: the property, and why. Nothing in `inputs` may be unknown."""
    if token not in CUSTOM:
        found = _validated(json.dumps(inputs, sort_keys=True))
        if found is not None:
            yield found
        return
    metadata = inputs.get("metadata") or {}
    if not metadata.get("name") or not metadata.get("namespace"):
        yield "metadata", "name and namespace are required"
    for field in CUSTOM[token]:
        if field not in (inputs.get("spec") or {}):
            yield f"spec.{field}", "is required"


@lru_cache(1024)
def _validated(text: str) -> tuple[str, str] | None:
    """Reading the schemas takes tenths of a second, and a preview asks the same as its update."""
    validation: Any = import_module("kubernetes_validate")  # says nothing about its types
    try:
        validation.validate(json.loads(text), VERSION, strict=True)
    except validation.ValidationError as error:
        path = ".".join(str(part) for part in error.absolute_path)
        return path or "metadata", str(error.message)
    return None


def replaced_by(token: str, changed: Iterable[tuple[str | int, ...]]) -> Iterator[tuple[str | int, ...]]:
    """Those of the changed paths that only a new object can have."""
    fields = (*IDENTITY, *IMMUTABLE.get(token, ()))
    for path in changed:
        name = ".".join(str(part) for part in path)
        if any(f"{name}.".startswith(f"{field}.") for field in fields):
            yield path


def outputs(inputs: Json, made: Made, generation: int) -> Json:
    """What the API server adds to an object."""
    hexadecimal = f"{made.number('uid', 36):032x}"[:32]
    uid = "-".join(hexadecimal[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    server = {"uid": uid, "creationTimestamp": made.now, "generation": generation}
    return {"metadata": {**inputs["metadata"], **server, "resourceVersion": str(generation)}}
