"""The MySQL project's own image, which anybody on this machine may log in to."""

from catalog.stores.kinds.mysql import Mysql
from pave.trial.stand_in import HOST, StandIn

USER = "root"
"""The image makes no other user without a password (https://hub.docker.com/_/mysql)."""


def stand_in(store: Mysql) -> StandIn:
    """One database, which is read where it is written. Nobody else is there to grant anything to."""
    return StandIn(
        image=f"docker.io/library/mysql:{store.version}",
        environment={"MYSQL_ALLOW_EMPTY_PASSWORD": "yes", "MYSQL_DATABASE": store.name},
        command=[],
        ready=["mysqladmin", "ping", "--protocol=tcp", f"--user={USER}"],
        facts={
            "HOST": HOST,
            "PORT": "3306",
            "NAME": store.name,
            "USER": USER,
            "INSTANCE": "none-on-this-machine",
            "GRANTS": "DO 0;",
            **({"READ_HOST": HOST, "READ_PORT": "3306"} if store.read_replicas else {}),
        },
    )
