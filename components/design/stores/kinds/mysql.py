"""MySQL, in Cloud SQL."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from catalog.stores.database import Database
from components.design.stores.database import DatabaseDesign

AUDITED = {"changes": "dml,ddl,dcl", "everything": "dql,dml,ddl,dcl"}
"""Classes of statements: https://cloud.google.com/sql/docs/mysql/db-audit#operations."""

SETTINGS = {"local_infile": "off", "skip_show_database": "on"}
"""No client reads files of its own into tables, nor asks which databases there are:
https://www.cisecurity.org/benchmark/google_cloud_computing_platform (6.1), and for the names
https://cloud.google.com/sql/docs/mysql/flags."""

RIGHTS = "SELECT, INSERT, UPDATE, DELETE, EXECUTE, CREATE TEMPORARY TABLES, LOCK TABLES"
"""What workloads may do with tables: use them, and make none that stay."""

HAS_NO_RULE = "(SELECT COUNT(*) FROM mysql.audit_log_rules) = 0"
"""Where the audit plugin keeps its rules: https://cloud.google.com/sql/docs/mysql/users."""


class MysqlDesign(DatabaseDesign, frozen=True, tag="mysql"):
    """A MySQL. It knows the workloads' identities, so that there are no passwords."""

    CHARSET: ClassVar[str] = "utf8mb4"
    HAS_BINARY_LOG: ClassVar[bool] = True

    @classmethod
    def flags(cls, store: Database) -> dict[str, str]:
        """https://cloud.google.com/sql/docs/mysql/use-db-audit"""
        values = {
            "cloudsql_iam_authentication": "on",
            "max_connections": str(store.max_connections),
            **SETTINGS,
        }
        return values | ({} if store.audit == "off" else {"cloudsql_mysql_audit": "ON"})

    def user(self, email: str) -> str:
        """The whole address: https://cloud.google.com/sql/docs/mysql/add-manage-iam-users."""
        return email

    def login(self, email: str) -> str:
        """What stands before the `@`: https://cloud.google.com/sql/docs/mysql/iam-logins."""
        return email.partition("@")[0]

    def grants(self, users: Sequence[str]) -> str:
        """Whoever logs in next has the role without asking for it. The audit plugin records what a rule
        names, of which there is to be one, however often this is said."""
        return "".join(f"{line};\n" for line in self._said(users))

    def _said(self, users: Sequence[str]) -> Iterator[str]:
        yield "SET ROLE ALL"
        yield "SET DEFAULT ROLE ALL TO CURRENT_USER"
        if self.audit != "off":
            rule = f"''*'', ''*'', ''*'', ''{AUDITED[self.audit]}'', ''B'', 1, @value, @message"
            make, change = (f"mysql.cloudsql_{what}_audit_rule" for what in ("create", "update"))
            yield f"SET @said = IF({HAS_NO_RULE}, 'CALL {make}({rule})', 'CALL {change}(1, {rule})')"
            yield from ("PREPARE said FROM @said", "EXECUTE said", "DEALLOCATE PREPARE said")
        for user in users:
            yield f"GRANT {RIGHTS} ON `{self.database}`.* TO '{user}'@'%'"
