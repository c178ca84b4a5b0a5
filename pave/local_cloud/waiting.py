"""What the provider of Kubernetes waits for, before it says that an object is made or changed.

Nothing runs here, so nothing takes time: what is awaited is there, or never will be."""

import json
import re
from collections.abc import Iterator

import jsonpath_rfc9535

from catalog.document import Json
from pave.local_cloud.refusal import ApiError

WAIT_FOR = "pulumi.com/waitFor"
"""https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#annotations"""

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
PATIENCE_SECONDS = 600
"""How long the provider waits for an object unless its options say otherwise:
https://www.pulumi.com/docs/iac/concepts/resources/options/customtimeouts/."""

PROGRESS_SECONDS = 600
"""How long Kubernetes lets a rollout make no progress unless its spec says otherwise:
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds."""

_SOURCE = "https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/jsonpath/jsonpath.go"


def unreadable(inputs: Json) -> Iterator[tuple[str, str]]:
    """The property and the reason, for each expression in an object's annotations that the provider can't
    read: it says so only when the object exists."""
    for words in _awaited(inputs):
        try:
            _path(words)
        except (ValueError, jsonpath_rfc9535.JSONPathError) as error:
            yield f"metadata.annotations.{WAIT_FOR}", f"{words}: {error} ({_SOURCE})"


def given_up(token: str, inputs: Json, outputs: Json, patience: float) -> Iterator[ApiError]:
    """Why the provider would give up on an object that is there, with these inputs and outputs. `patience` is
    how many seconds it waits, 0 for its default."""
    seconds = patience or PATIENCE_SECONDS
    for words in _awaited(inputs):
        if words.startswith("jsonpath=") and not _path(words).find({**inputs, **outputs}):
            yield ApiError(0, f"timed out after {seconds:g} s waiting for {words}", _SOURCE)
    if token == DEPLOYMENT:
        rollout = inputs["spec"].get("progressDeadlineSeconds", PROGRESS_SECONDS)
        if seconds <= rollout:
            what = f"the provider waits {seconds:g} s for a rollout that Kubernetes gives {rollout} s"
            yield ApiError(0, f"{what}: it would give up on one that goes well", _SOURCE)


def _awaited(inputs: Json) -> list[str]:
    """The annotation is an expression, or a list of them in JSON."""
    written = ((inputs.get("metadata") or {}).get("annotations") or {}).get(WAIT_FOR, "[]")
    if not written.startswith("["):
        return [written]
    found: list[str] = json.loads(written)
    return found


def _path(words: str) -> jsonpath_rfc9535.JSONPathQuery:
    """The path of `jsonpath={…}`, with or without `=VALUE` behind it; what is in braces follows `$`. Raises
    ValueError, and JSONPathError when RFC 9535 doesn't know it."""
    if words.startswith("condition="):
        return jsonpath_rfc9535.compile("$.status.conditions")
    found = re.fullmatch(r"jsonpath=\{(.*)\}(=.*)?", words)
    if found is None:
        raise ValueError("expected condition=… or jsonpath={…}")
    return jsonpath_rfc9535.compile(f"${found[1]}")
