"""PostgreSQL, in Cloud SQL."""

from collections.abc import Iterator
from typing import ClassVar

from catalog.problem import Wrong
from catalog.stores.database import Database
from catalog.stores.store import name_taken

OF_THE_SERVER = {"cloudsqladmin", "postgres", "template0", "template1"}
"""Databases of every instance: https://cloud.google.com/sql/docs/postgres/create-manage-databases."""

OF_ROLES = "pg_"
"""How names begin that PostgreSQL keeps for itself:
https://www.postgresql.org/docs/16/sql-createrole.html."""


class Postgres(Database, frozen=True, kw_only=True, tag="postgres"):
    """A PostgreSQL in Cloud SQL with one database, in which workloads log in as themselves."""

    PORT: ClassVar[int] = 5432
    VERSION: ClassVar[str] = "16"
    VERSIONS: ClassVar[tuple[str, ...]] = ("9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18")
    """As of August 2026."""
    VERSIONS_PAGE: ClassVar[str] = "https://cloud.google.com/sql/docs/postgres/db-versions"

    @classmethod
    def reserved(cls, database: str) -> Iterator[Wrong]:
        """Databases that every instance has, and names of roles: the tables' owner gets one."""
        if database in OF_THE_SERVER:
            yield name_taken(f"Every instance of Cloud SQL has a database `{database}` already.")
        if database.startswith(OF_ROLES):
            what = f"PostgreSQL keeps names that begin with `{OF_ROLES}`: the tables' owner would get one."
            yield name_taken(what)
