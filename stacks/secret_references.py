"""Which secrets of Secret Manager the pods of a Kubernetes object read, by the objects beside it.

A pod names a key of a Kubernetes Secret; a SecretSync says where GKE copies that from
(https://cloud.google.com/secret-manager/docs/sync-k8-secrets)."""

import json
from collections.abc import Iterable, Iterator

from catalog.document import Json
from stacks.pods import containers

SYNC = "kubernetes:secret-sync.gke.io/v1:SecretSync"
SOURCE = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"


def secrets_read(token: str, inputs: Json, beside: Iterable[tuple[str, Json]]) -> dict[tuple[str, str], str]:
    """Every key of a Secret that the pods of an object can't start without, as (Secret, key), and the secret
    that it is a copy of, `projects/P/secrets/S`; empty where nothing copies it.

    `beside` are the types and inputs of all objects of its cluster. Nothing may have marks of secrets."""
    wanted = list(_references(token, inputs))
    if not wanted:
        return {}
    namespace = _metadata(inputs).get("namespace")
    copies: dict[tuple[str, str], str] = {}
    objects = [(kind, each) for kind, each in beside if _metadata(each).get("namespace") == namespace]
    sources = {_metadata(each).get("name"): dict(_files(each)) for kind, each in objects if kind == SOURCE}
    for kind, each in objects:
        if kind == SYNC:
            files = sources.get(each["spec"]["secretProviderClassName"], {})
            for item in each["spec"]["secretObject"].get("data", ()):
                key = (str(_metadata(each).get("name")), item["targetKey"])
                copies[key] = files.get(item["sourcePath"], "")
    return {key: copies.get(key, "") for key in wanted}


def _references(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    for _, container in containers(token, inputs):
        for variable in container.get("env") or ():
            key = (variable.get("valueFrom") or {}).get("secretKeyRef")
            if key is not None and not key.get("optional"):
                yield key["name"], key["key"]


def _files(source: Json) -> Iterator[tuple[str, str]]:
    for each in json.loads(source["spec"]["parameters"]["secrets"]):
        yield each["path"], each["resourceName"].partition("/versions/")[0]


def _metadata(inputs: Json) -> Json:
    return inputs.get("metadata") or {}
