"""Names in a service's file that something else has already where they would be made."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

OF_WORKLOADS = {
    "cloud-sql-proxy": "the proxy beside every workload with a database",
    "default": "the account that every namespace has",
    "default-deny": "the network policy that closes the namespace",
    "outgoing": "the network policy that says whom its pods may call",
}
"""What the platform or Kubernetes calls so in a service's namespace or pods."""

OF_NAMESPACES = ("kube-", "gke-", "gmp-", "istio-", "asm-", "config-management-", "cnrm-")
"""How the names of a cluster's own namespaces begin
(https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#working-with-namespaces)."""

OF_DATABASES = {"cloudsqladmin", "postgres", "template0", "template1"}
"""Databases of every instance: https://cloud.google.com/sql/docs/postgres/create-manage-databases."""

OF_ROLES = "pg_"
"""How names begin that PostgreSQL keeps for itself:
https://www.postgresql.org/docs/16/sql-createrole.html."""


def reserved_names(written: Json) -> Iterator[Wrong]:
    """Of a schema-valid, merged service: its own name, which its namespace, its database and its host get,
    and those of its workloads."""
    name: str = written["metadata"]["name"]
    at: Pointer = ("metadata", "name")
    fix = "Give the service another name."
    if name == "default" or name.startswith(OF_NAMESPACES):
        what = f"`{name}` is a namespace of the cluster's own, and a service has the namespace of its name."
        yield at, "catalog/reserved-name", what, fix
    stores = written["spec"].get("stores", ())
    if any(s["kind"] == "postgres" and s.get("runtime", "managed") == "managed" for s in stores):
        database = name.replace("-", "_")
        if database in OF_DATABASES:
            what = f"Every instance of Cloud SQL has a database `{database}` already."
            yield at, "catalog/reserved-name", what, fix
        if database.startswith(OF_ROLES):
            what = f"PostgreSQL keeps names that begin with `{OF_ROLES}`: the tables' owner would get one."
            yield at, "catalog/reserved-name", what, fix
    if name[2:4] == "--":
        # RFC 5891, 4.2.3.1: no other label may have them there, and no authority certifies one.
        what = f"`{name}` begins like the encoded name of a host, and no host may be called so."
        yield at, "catalog/reserved-name", what, fix
    migrations = {f"migrate-{store['name']}": store["name"] for store in stores if "migration" in store}
    for index, workload in enumerate(written["spec"]["workloads"]):
        at = ("spec", "workloads", index, "name")
        if (owner := OF_WORKLOADS.get(workload["name"])) is not None:
            what = f"`{workload['name']}` is {owner}."
            yield at, "catalog/reserved-name", what, "Give the workload another."
        if (store := migrations.get(workload["name"])) is not None:
            what = f"`{workload['name']}` is what the migration of store `{store}` is called."
            yield at, "catalog/reserved-name", what, "Give the workload another name."
