"""Names in a service's file that something else has already where they would be made."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.place import Place, full_name, instance_of
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

PROXY = "cloud-sql-proxy"
"""The container of Google's Auth Proxy."""

OF_WORKLOADS = {
    PROXY: "the proxy beside every workload with a database",
    "default": "the account that every namespace has",
    "default-deny": "the network policy that closes the namespace",
    "outgoing": "the network policy that says whom its pods may call",
}
"""What the platform or Kubernetes calls so in a service's namespace or pods."""

OF_NAMESPACES = ("kube-", "gke-", "gmp-", "istio-", "asm-", "config-management-", "cnrm-")
"""How the names of a cluster's own namespaces begin
(https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#working-with-namespaces)."""

WATCHING, WATCHING_ALL = "observability", "global-observability"
"""The namespaces of what watches an environment, and of what all of those write to."""

ROLLING_OUT = "argo-rollouts"
"""The namespace of what brings new versions step by step."""


def reserved_names(written: Json, place: Place) -> Iterator[Wrong]:
    """Of a schema-valid, merged service at a place: the name that it has there, which its namespace and its
    host get, and those of its workloads."""
    name = full_name(written["metadata"]["name"], place)
    at: Pointer = ("metadata", "name")
    fix = "Give the service another name."
    if instance_of(place) is not None:
        fix = "Give the service or its instance another name."
    if name in ("default", WATCHING, WATCHING_ALL, ROLLING_OUT) or name.startswith(OF_NAMESPACES):
        what = f"`{name}` is a namespace of the cluster's own, and a service has the namespace of its name."
        yield at, "catalog/reserved-name", what, fix
    if name[2:4] == "--":
        # RFC 5891, 4.2.3.1: no other label may have them there, and no authority certifies one.
        what = f"`{name}` begins like the encoded name of a host, and no host may be called so."
        yield at, "catalog/reserved-name", what, fix
    stores = written["spec"].get("stores", ())
    migrations = {f"migrate-{store['name']}": store["name"] for store in stores if "migration" in store}
    for index, workload in enumerate(written["spec"]["workloads"]):
        at = ("spec", "workloads", index, "name")
        if (owner := OF_WORKLOADS.get(workload["name"])) is not None:
            what = f"`{workload['name']}` is {owner}."
            yield at, "catalog/reserved-name", what, "Give the workload another."
        if (store := migrations.get(workload["name"])) is not None:
            what = f"`{workload['name']}` is what the migration of store `{store}` is called."
            yield at, "catalog/reserved-name", what, "Give the workload another name."
