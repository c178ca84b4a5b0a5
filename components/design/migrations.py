"""Decides how tables come into a database: who makes them, and how everybody else gets to see them."""

import hashlib

import msgspec

from catalog.kinds.service import Service
from components.design.database_proxy import beside
from components.design.model import Account, Migration, WorkloadDesign
from components.design.naming import account_name, resource_name
from components.design.store_model import StoreDesign

SUPERUSER = "cloudsqlsuperuser"
"""Owns the databases that Cloud SQL makes, and so their schema `public`, in which nobody else may create
since PostgreSQL 15: https://cloud.google.com/sql/docs/postgres/users and
https://www.postgresql.org/docs/15/ddl-schemas.html#DDL-SCHEMAS-PATTERNS."""

WAIT_MARGIN_SECONDS = 660
"""What the engine waits beyond the deadline: for a node and the image, and to hear why it failed."""

DIGITS = 8


def migrations(service: Service, workloads: list[WorkloadDesign]) -> list[WorkloadDesign]:
    """What runs the migration of each managed postgres whose spec says how: like the workload that brings it,
    as an identity of its own."""
    by_name = {workload.name: workload for workload in workloads}
    project = service.environment.spec.project
    found = []
    for index, store in enumerate(service.spec.stores):
        asked = store.migration
        if asked is None or not store.is_managed_database:
            continue
        name = f"migrate-{store.name}"
        brings = by_name[asked.workload]
        found.append(
            msgspec.structs.replace(
                brings,
                name=name,
                origin=service.origin("spec", "stores", index, "migration"),
                kind="migration",
                resource=resource_name(service.full_name, name),
                group=None,
                command=asked.command,
                connections=1,
                schedule=None,
                deadline_seconds=asked.deadline_seconds,
                wait_seconds=asked.deadline_seconds + WAIT_MARGIN_SECONDS,
                retries=0,
                stop_delay_seconds=0,
                grace_seconds=brings.shutdown_seconds,
                on_critical_path=False,
                account=account_name(service.full_name, name, project=project),
                proxy=beside(service, port=brings.port, connections=1),
            )
        )
    return found


def job_name(run: WorkloadDesign) -> str:
    """Another one for each image and command: a job is never changed, it runs once."""
    asked = "\0".join([run.image or "", *run.command])
    return resource_name(run.name, hashlib.sha256(asked.encode()).hexdigest()[:DIGITS], limit=52)


def described(
    runs: list[WorkloadDesign], stores: list[StoreDesign], accounts: list[Account]
) -> list[Migration]:
    """Each run with the database it is for, and what it has to say there first."""
    placed = {f"migrate-{store.name}": store for store in stores}
    migrating = {run.account for run in runs}
    users = [account for account in accounts if account.account_id not in migrating]
    return [
        Migration(
            name=placed[run.name].name,
            origin=run.origin,
            database=placed[run.name].resource,
            job=job_name(run),
            run=run,
            roles=[SUPERUSER],
            grants=grants(placed[run.name], [user for user in users if user.databases]),
        )
        for run in runs
    ]


def grants(store: StoreDesign, users: list[Account]) -> str:
    """The SQL that a migration says first, in its database, as often as it likes.

    All tables belong to a role that nobody logs in as, so that they stay within reach when the one who
    migrates gets another name; the `users` may read and write what is in them, and make none. pgAudit only
    records where its extension is."""
    owner, database = f'"{store.database}_owner"', f'"{store.database}"'
    names = ", ".join(f'"{user.database_user}"' for user in users)
    audited = any(setting.name == "cloudsql.enable_pgaudit" for setting in store.settings)
    rows, numbers = "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT"
    said = [
        f"SET ROLE {SUPERUSER}",  # whose attributes, such as CREATEROLE, aren't inherited
        *(["CREATE EXTENSION IF NOT EXISTS pgaudit"] if audited else []),
        f"DO $$ BEGIN CREATE ROLE {owner} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT {owner} TO SESSION_USER",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
        *([f"GRANT USAGE ON SCHEMA public TO {names}"] if names else []),
        "SET ROLE NONE",
        f"ALTER ROLE SESSION_USER IN DATABASE {database} SET role TO {owner}",
        f"SET ROLE {owner}",
    ]
    if names:
        for what, may in (("TABLES", rows), ("SEQUENCES", numbers)):
            said += [
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {may} ON {what} TO {names}",
                f"GRANT {may} ON ALL {what} IN SCHEMA public TO {names}",
            ]
    return "".join(f"{line};\n" for line in said)
