"""PostgreSQL, in Cloud SQL."""

from collections.abc import Sequence
from typing import ClassVar

from catalog.stores.database import Database
from components.design.stores.database import SUPERUSER, DatabaseDesign

AUDITED = {"changes": "ddl,role,write", "everything": "ddl,read,role,write"}
"""Classes of statements: https://github.com/pgaudit/pgaudit/blob/main/README.md#pgauditlog."""

LOGGED = {
    "log_checkpoints": "on",
    "log_connections": "on",
    "log_disconnections": "on",
    "log_lock_waits": "on",
    "log_min_error_statement": "error",
    "log_statement": "ddl",
    "log_temp_files": "0",
}
"""What every postgres tells in its log: who came and went, who waited, what changed the tables. No statement
is logged for its duration, since that would copy customers' data into the log.
https://www.cisecurity.org/benchmark/google_cloud_computing_platform (6.2), and for the names
https://cloud.google.com/sql/docs/postgres/flags."""


class PostgresDesign(DatabaseDesign, frozen=True, tag="postgres"):
    """A PostgreSQL. It knows the workloads' identities, so that there are no passwords."""

    CHARSET: ClassVar[str] = "UTF8"

    @classmethod
    def flags(cls, store: Database) -> dict[str, str]:
        """https://cloud.google.com/sql/docs/postgres/pg-audit"""
        values = {
            "cloudsql.iam_authentication": "on",
            "max_connections": str(store.max_connections),
            **LOGGED,
        }
        if store.audit != "off":
            values |= {"cloudsql.enable_pgaudit": "on", "pgaudit.log": AUDITED[store.audit]}
        return values

    def user(self, email: str) -> str:
        """https://cloud.google.com/sql/docs/postgres/add-manage-iam-users"""
        return email.removesuffix(".gserviceaccount.com")

    def login(self, email: str) -> str:
        """The same: https://cloud.google.com/sql/docs/postgres/iam-logins#log-in-with-automatic."""
        return self.user(email)

    def grants(self, users: Sequence[str]) -> str:
        """All tables belong to a role that nobody logs in as, so that they stay within reach when the one who
        migrates gets another name. pgAudit only records where its extension is."""
        owner, database = f'"{self.database}_owner"', f'"{self.database}"'
        names = ", ".join(f'"{user}"' for user in users)
        audited = any(setting.name == "cloudsql.enable_pgaudit" for setting in self.settings)
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
