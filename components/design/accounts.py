"""Decides who acts: an identity for each workload, with no more rights than it needs."""

from catalog.kinds.service import Service
from components.design.model import Account, WorkloadDesign
from components.design.stores.database import DatabaseDesign
from components.design.stores.kinds.valkey import ValkeyDesign
from components.design.stores.model import StoreDesign

HOSTS_OF_ROLES = {
    "roles/logging.logWriter": "logging.googleapis.com",
    "roles/monitoring.metricWriter": "monitoring.googleapis.com",
}
"""Where a right is used, when the API isn't called for it by Google itself:
https://cloud.google.com/logging/docs/reference/v2/rest, https://cloud.google.com/monitoring/api/v3."""

ROLES = ["roles/logging.logWriter", "roles/monitoring.metricWriter"]
"""What everything that runs may do in its project: tell how it is."""


def accounts(service: Service, workloads: list[WorkloadDesign], stores: list[StoreDesign]) -> list[Account]:
    """One account for each identity among `workloads`, in their order. Those with database connections may
    log in to every managed database that they reach."""
    managed = [store for store in stores if store.runtime == "managed"]
    databases = [store for store in managed if isinstance(store, DatabaseDesign)]
    found: dict[str, list[WorkloadDesign]] = {}
    for workload in workloads:
        found.setdefault(workload.account, []).append(workload)
    return [
        Account(
            name=account_id,
            origin=users[0].origin,
            account_id=account_id,
            email=f"{account_id}@{service.environment.spec.project}.iam.gserviceaccount.com",
            workloads=[user.name for user in users],
            roles=ROLES,
            databases=[
                store.resource
                for store in databases
                if any(user.connections and store.name in user.stores for user in users)
            ],
            caches=[
                store.resource
                for store in managed
                if isinstance(store, ValkeyDesign) and {user.name for user in users} & {*store.reached_by}
            ],
        )
        for account_id, users in found.items()
    ]
