"""Redis' own image, with a password and without TLS."""

from catalog.stores.kinds.redis import Redis
from pave.trial.stand_in import HOST, StandIn

OPEN_TO_ALL_HERE = "on-this-machine-only"
"""The password, which is none of ours: Redis asks for one as it does in the cloud."""


def stand_in(store: Redis) -> StandIn:
    """It shows no certificate: where the cloud's would, the variable for it is empty."""
    login = ["--no-auth-warning", "--pass", OPEN_TO_ALL_HERE] if store.authentication else []
    return StandIn(
        image=f"docker.io/library/redis:{store.version}",
        environment={},
        command=["redis-server", "--requirepass", OPEN_TO_ALL_HERE] if store.authentication else [],
        ready=["redis-cli", *login, "ping"],
        facts={"HOST": HOST, "PORT": "6379", "CA": "", "AUTH": OPEN_TO_ALL_HERE},
    )
