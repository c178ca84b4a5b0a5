"""MySQL, in Cloud SQL."""

from collections.abc import Iterator
from typing import ClassVar

from catalog.problem import Wrong
from catalog.stores.database import Database
from catalog.stores.store import name_taken

OF_THE_SERVER = {"information_schema", "mysql", "performance_schema", "sys"}
"""Databases of every instance: https://cloud.google.com/sql/docs/mysql/create-manage-databases."""


class Mysql(Database, frozen=True, kw_only=True, tag="mysql"):
    """A MySQL in Cloud SQL with one database, in which workloads log in as themselves."""

    PORT: ClassVar[int] = 3306
    VERSION: ClassVar[str] = "8.4"
    VERSIONS: ClassVar[tuple[str, ...]] = ("8.0", "8.4")
    """Those in which a user without a password can be given a role, which is how tables are made: older ones
    have no roles (https://cloud.google.com/sql/docs/mysql/users#cloudsqlsuperuser)."""
    VERSIONS_PAGE: ClassVar[str] = "https://cloud.google.com/sql/docs/mysql/db-versions"

    @classmethod
    def reserved(cls, database: str) -> Iterator[Wrong]:
        """Databases that every instance has."""
        if database in OF_THE_SERVER:
            yield name_taken(f"Every instance of Cloud SQL has a database `{database}` already.")
