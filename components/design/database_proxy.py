"""Decides how a workload reaches its databases: through Google's Auth Proxy beside it.

Connectors that log in by themselves and make sure who answers exist for Java, Python, Go and Node only
(https://cloud.google.com/sql/docs/postgres/language-connectors). A spec doesn't say what a program is written
in, and a token in place of a password ends within the hour: so every pod with a database has the proxy, which
renews both token and certificate, and the program connects to its own machine."""

from collections.abc import Iterator, Sequence
from itertools import count

import msgspec

from catalog.kinds.service import Service
from catalog.stores.database import Database
from components.design.naming import replica_name, store_name

IMAGE = (
    "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.23.0"
    "@sha256:54e23cad9aeeedbf88ab75f993146631b878035f702b31c51885a932e0c7286c"
)
"""Google's own build, the one image that runs from where it is published. The digest has not been compared
with the registry by whoever wrote it down. Do so before the first apply:
`gcloud artifacts docker images describe gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.23.0`. A wrong one runs
nothing: new copies wait for an image that there isn't."""

CPU, MEMORY_MB = 0.25, 128
"""Ours: enough for tens of connections. Google's example asks for one CPU and 2 GiB, and says that use grows
with what goes through:
https://github.com/GoogleCloudPlatform/cloud-sql-proxy/blob/main/examples/k8s-sidecar/README.md."""

HEALTH_PORT = 9090
"""The proxy's default:
https://github.com/GoogleCloudPlatform/cloud-sql-proxy/blob/main/examples/k8s-health-check/README.md."""

STARTUP_CHECKS = 60
"""Seconds that it may take to listen. It listens without having reached a database, whose outage therefore
keeps no copy from starting."""


class ProxiedDatabase(msgspec.Struct, frozen=True, rename="camel"):
    """The database, or read replica, `resource`, by its connection name `instance`, at a `port` of the pod
    itself."""

    resource: str
    instance: str
    port: int


class DatabaseProxy(msgspec.Struct, frozen=True, rename="camel"):
    """Google's Auth Proxy in every pod of a workload. It asks for private addresses where `is_private`, says
    how it is at `health_port`, and gets `startup_checks` probes, one a second, to start."""

    image: str
    cpu: float
    memory_mb: int
    health_port: int
    startup_checks: int
    is_private: bool
    databases: list[ProxiedDatabase]


def beside(
    service: Service, reached: Sequence[str], *, port: int | None, connections: int
) -> DatabaseProxy | None:
    """The proxy of a workload on Kubernetes that answers at `port` and opens so many `connections`: to every
    managed database among the stores that it has `reached`, by their names, and then to every read replica of
    theirs, each at the first port, from its kind's own on, that nothing else of the pod has."""
    stores = [store for store in managed_databases(service) if store.name in reached]
    if not stores or not connections:
        return None
    environment = service.environment.spec
    taken = {port, HEALTH_PORT, HEALTH_PORT + 1}
    databases = []
    named = [(store_name(service.full_name, each.lineage, each.generation), each) for each in stores]
    named += [(name, each) for each in stores for name in replicas(service, each)]
    for resource, store in named:
        instance = f"{environment.project}:{environment.region}:{resource}"
        taken.add(own := next(each for each in count(store.PORT) if each not in taken))
        databases.append(ProxiedDatabase(resource=resource, instance=instance, port=own))
    return DatabaseProxy(
        image=IMAGE,
        cpu=CPU,
        memory_mb=MEMORY_MB,
        health_port=HEALTH_PORT if port != HEALTH_PORT else HEALTH_PORT + 1,
        startup_checks=STARTUP_CHECKS,
        is_private=all(store.access == "private" for store in stores),
        databases=databases,
    )


def replicas(service: Service, store: Database) -> list[str]:
    """The names of a database's read replicas."""
    named = (service.full_name, store.lineage, store.generation)
    return [replica_name(*named, number + 1) for number in range(store.read_replicas)]


def managed_databases(service: Service) -> list[Database]:
    """Those that Google runs, and its connectors therefore reach."""
    databases = [store for store in service.spec.stores if isinstance(store, Database)]
    return [store for store in databases if store.runtime == "managed"]


def direct_clients(service: Service, store: str) -> Iterator[str]:
    """The workloads that connect to a database, by its name, by themselves: those on machines, in which
    nothing is put."""
    clients = (each for each in service.spec.workloads if each.runtime == "vm" and each.connections)
    return (each.name for each in clients if store in each.stores)
