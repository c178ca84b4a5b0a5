"""The PostgreSQL project's own image, which anybody on this machine may log in to."""

from catalog.stores.kinds.postgres import Postgres
from pave.trial.stand_in import HOST, StandIn

USER = "pave"


def stand_in(store: Postgres) -> StandIn:
    """One database, owned by one user, which reads where it writes. Nobody else is there to grant anything
    to."""
    return StandIn(
        image=f"docker.io/library/postgres:{store.version}",
        environment={"POSTGRES_USER": USER, "POSTGRES_DB": store.name, "POSTGRES_HOST_AUTH_METHOD": "trust"},
        command=[],
        ready=["pg_isready", "--username", USER, "--dbname", store.name],
        facts={
            "HOST": HOST,
            "PORT": "5432",
            "NAME": store.name,
            "USER": USER,
            "INSTANCE": "none-on-this-machine",
            "GRANTS": "SELECT 1;",
            **({"READ_HOST": HOST, "READ_PORT": "5432"} if store.read_replicas else {}),
        },
    )
