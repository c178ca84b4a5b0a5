"""Objects of Kubernetes: judged by Kubernetes' own schemas, kept, and otherwise left alone.

Nothing runs here: no pods, no controllers, no defaults. Whether a Deployment comes up is not known."""

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from catalog.document import Json
from pave.local_cloud import custom_kinds
from pave.local_cloud.outputs import OutputContext
from pave.local_cloud.pods import impossible
from pave.local_cloud.waiting import unreadable
from stacks.providers.kubernetes import KUBERNETES, OF_THE_CLUSTER

AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
MOST_DATA = 2**20
"""Bytes: https://kubernetes.io/docs/concepts/configuration/configmap/#motivation."""
MOST_AT_ONCE = 3 * 2**19
"""Bytes: https://etcd.io/docs/latest/dev-guide/limit/#request-size-limit."""

NEG_STATUS = "cloud.google.com/neg-status"
"""https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg"""

CREATION = "https://github.com/pulumi/pulumi-kubernetes/pull/4278"
"""The provider creates, and takes over nothing that is there, unless it is configured with
`upsertExistingObjects`."""

NAMESPACES = {"default", "gmp-public", "gmp-system", "kube-node-lease", "kube-public", "kube-system"}
"""Those that a new cluster has: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
and, for GKE's metrics, https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed."""

BUILT_IN = {
    "ServiceAccount": "default",
    "ConfigMap": "kube-root-ca.crt",
}
"""What every namespace holds, by kind:
https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts,
https://kubernetes.io/docs/concepts/storage/projected-volumes/#clustertrustbundle."""

VERSION = "1.35"
"""Of the schemas, which is what GKE's stable channel runs."""


def problems(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """What Kubernetes would refuse in the inputs of a type that is served: each property, and why. Nothing in
    `inputs` may be unknown.

    The schemas say it, and of containers their own validation; of a custom resource its definition, or the
    table where there is none here."""
    yield from unreadable(inputs)
    yield from _too_large(token, inputs)
    if not _is_added(token):
        found = _validated(json.dumps(inputs, sort_keys=True))
        if found is not None:
            yield found
        else:
            yield from impossible(token, inputs)
        # The schemas say nothing of it: zero takes the feature HPAScaleToZero, which GKE lacks.
        # https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/
        if token == AUTOSCALER and (inputs.get("spec") or {}).get("minReplicas", 1) < 1:
            yield "spec.minReplicas", "must be greater than or equal to 1"
        return
    metadata = inputs.get("metadata") or {}
    if token in OF_THE_CLUSTER:
        if not metadata.get("name") or metadata.get("namespace"):
            yield "metadata", "name is required, and a namespace is none of it"
    elif not metadata.get("name") or not metadata.get("namespace"):
        yield "metadata", "name and namespace are required"
    for field in KUBERNETES[token].required:
        above, _, name = field.rpartition(".")
        if name not in ((inputs.get(above) or {}) if above else inputs):
            yield field, "is required"
    kind = token.rpartition(":")[2]
    if custom_kinds.is_defined(kind):
        yield from custom_kinds.problems(kind, inputs)
        # An API server knows nothing of its pods; who makes them later is told the same.
        yield from impossible(token, inputs)


def _too_large(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """A ConfigMap's data, and whatever etcd is to take at once."""
    data = inputs.get("data") if token == CONFIG_MAP else None
    size = sum(len(str(text).encode()) for text in (data or {}).values())
    if size > MOST_DATA:
        yield "data", f"Too long: may not be more than {MOST_DATA} bytes"
    elif len(json.dumps(inputs).encode()) > MOST_AT_ONCE:
        yield "metadata", "etcdserver: request is too large"


def _is_added(token: str) -> bool:
    """Whether a type is of a group that isn't Kubernetes' own: those have no dot, or end in its domain."""
    group = token.split(":")[1].partition("/")[0]
    return "." in group and not group.endswith(".k8s.io")


def is_built_in(token: str, id_: str) -> bool:
    """Whether an object is there without anybody having made it."""
    kind, name = token.rpartition(":")[2], id_.rpartition("/")[2]
    if kind == "Namespace":
        return name in NAMESPACES
    return BUILT_IN.get(kind) == name or (kind, id_) == ("Service", "default/kubernetes")


def conflict(token: str, id_: str) -> str:
    """What the provider says when it was to create an object that is there."""
    kind = token.rpartition(":")[2].lower()
    plural = f"{kind[:-1]}ies" if kind.endswith("policy") else f"{kind.removesuffix('s')}s"
    said = f'{plural} "{id_.rpartition("/")[2]}" already exists'
    return f"resource {id_} was not successfully created by the Kubernetes API server: {said}"


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


def outputs(inputs: Json, context: OutputContext, generation: int) -> Json:
    """What the API server adds to an object that was changed `generation` - 1 times."""
    hexadecimal = f"{context.number('uid', 36):032x}"[:32]
    uid = "-".join(hexadecimal[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    server = {"uid": uid, "creationTimestamp": context.now, "generation": generation}
    metadata = {**inputs["metadata"], **server, "resourceVersion": str(generation)}
    if groups := endpoint_groups(inputs):
        annotations = {**metadata["annotations"], NEG_STATUS: json.dumps({"network_endpoint_groups": groups})}
        metadata["annotations"] = annotations
    return {"metadata": metadata, **_status(inputs)}


def _status(inputs: Json) -> Json:
    """What a controller would say of a Rollout when a copy has come up, as all of a Deployment do here."""
    return {"status": {"availableReplicas": 1}} if inputs.get("kind") == "Rollout" else {}


def endpoint_groups(inputs: Json) -> dict[str, str]:
    """The names of the groups of endpoints that GKE fills for an object, by port; it says so in an annotation
    as soon as it has taken them on."""
    annotations = (inputs.get("metadata") or {}).get("annotations") or {}
    ports = json.loads(annotations.get("cloud.google.com/neg", "{}")).get("exposed_ports", {})
    return {port: str(asked.get("name")) for port, asked in ports.items()}
