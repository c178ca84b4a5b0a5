"""How the program asks the cluster that it changes: where the foundation says, as its own provider does."""

from collections.abc import Callable, Mapping

from stacks.google_token import NoToken, google_token
from stacks.rollouts.cluster import NoCluster, RemoteCluster, cluster_at

STAND_INS = "PULUMI_DEBUG_PROVIDERS"
"""Names the programs that serve resources instead of providers:
https://www.pulumi.com/docs/iac/guides/building-extending/using-existing-tools/debugging-provider-packages/."""

Clusters = Callable[[str], RemoteCluster]
"""The cluster whose control plane has that name. Raises NoCluster."""


def clusters(environ: Mapping[str, str]) -> Clusters | None:
    """Those that whoever runs in this environment would change; None where another program stands in for
    Kubernetes, as the local cloud does: nothing runs there."""
    if any(each.startswith("kubernetes:") for each in environ.get(STAND_INS, "").split(",")):
        return None

    def found(endpoint: str) -> RemoteCluster:
        try:
            return cluster_at(endpoint, google_token(environ), "the foundation's")
        except NoToken as error:
            raise NoCluster(str(error)) from error

    return found
