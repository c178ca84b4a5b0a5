"""Valkey's own image, without TLS and open to all on this machine."""

from catalog.stores.kinds.valkey import Valkey
from pave.trial.stand_in import HOST, StandIn


def stand_in(store: Valkey) -> StandIn:
    """It shows no certificate, and takes whoever logs in as the user `default`, with any token or none."""
    anybody = ["--user", "default", "on", "nopass", "~*", "&*", "+@all"]
    return StandIn(
        image=f"docker.io/valkey/valkey:{store.version}",
        environment={},
        command=["valkey-server", *anybody] if store.authentication else [],
        ready=["valkey-cli", "ping"],
        facts={"HOST": HOST, "PORT": "6379", "CA": ""},
    )
