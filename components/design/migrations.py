"""Decides how tables come into a database: who makes them, and how everybody else gets to see them."""

import hashlib

import msgspec

from catalog.kinds.service import Service
from catalog.stores.database import Database
from components.design.database_proxy import beside
from components.design.model import Account, TableMigration, WorkloadDesign
from components.design.naming import account_name, resource_name
from components.design.stores.database import SUPERUSER, DatabaseDesign
from components.design.stores.model import StoreDesign

WAIT_MARGIN_SECONDS = 660
"""What the engine waits beyond the deadline: for a node and the image, and to hear why it failed."""

DIGITS = 8


def migrations(service: Service, workloads: list[WorkloadDesign]) -> list[WorkloadDesign]:
    """What runs the migration of each managed database whose spec says how: like the workload that brings it,
    as an identity of its own."""
    by_name = {workload.name: workload for workload in workloads}
    project = service.environment.spec.project
    found = []
    for index, store in enumerate(service.spec.stores):
        if not isinstance(store, Database) or store.migration is None or store.runtime != "managed":
            continue
        asked = store.migration
        name = f"migrate-{store.name}"
        brings = by_name[asked.workload]
        reached = list(dict.fromkeys([*brings.stores, store.name]))
        found.append(
            msgspec.structs.replace(
                brings,
                name=name,
                origin=service.origin("spec", "stores", index, "migration"),
                kind="migration",
                resource=resource_name(service.full_name, name),
                group=None,
                command=asked.command,
                args=[],
                helpers=[],
                port=None,
                balancer_check=None,
                single_leader=False,
                stores=reached,
                connections=1,
                schedule=None,
                rehearsal=[],
                deadline_seconds=asked.deadline_seconds,
                wait_seconds=asked.deadline_seconds + WAIT_MARGIN_SECONDS,
                retries=0,
                stop_delay_seconds=0,
                grace_seconds=brings.shutdown_seconds,
                on_critical_path=False,
                account=account_name(service.full_name, name, project=project),
                proxy=beside(service, reached, port=None, connections=1),
            )
        )
    return found


def job_name(run: WorkloadDesign) -> str:
    """Another one for each image and command: a job is never changed, it runs once."""
    asked = "\0".join([run.image or "", *run.command])
    return resource_name(run.name, hashlib.sha256(asked.encode()).hexdigest()[:DIGITS], limit=52)


def described(
    runs: list[WorkloadDesign], stores: list[StoreDesign], accounts: list[Account]
) -> list[TableMigration]:
    """Each run with the database it is for, and what it has to say there first."""
    placed = {f"migrate-{store.name}": store for store in stores if isinstance(store, DatabaseDesign)}
    migrating = {run.account for run in runs}
    users = [each for each in accounts if each.account_id not in migrating]

    def logins(database: DatabaseDesign) -> list[str]:
        return [database.login(each.email) for each in users if database.resource in each.databases]

    return [
        TableMigration(
            name=placed[run.name].name,
            origin=run.origin,
            database=placed[run.name].resource,
            job=job_name(run),
            run=run,
            roles=[SUPERUSER],
            grants=placed[run.name].grants(logins(placed[run.name])),
        )
        for run in runs
    ]
