"""Which cluster is asked: the one of a kubeconfig with its plugins, or the one that Google says."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from pave.google_client import GoogleApi, GoogleClient, message_of
from pave.refused import Refused
from stacks.rollouts.cluster import NoCluster, RemoteCluster, cluster_at

GKE = GoogleApi("GKE", "https://container.googleapis.com/v1", "GOOGLE_CONTAINER_CUSTOM_ENDPOINT")


def by_kubeconfig(
    environ: Mapping[str, str], context: str | None, known: Sequence[str] = ()
) -> RemoteCluster:
    """The cluster of a `context` of the kubeconfig (KUBECONFIG, else ~/.kube/config), as its user; where no
    context is given, of those that are `known` the first that there is, else the current one. Raises
    NoCluster, also where a plugin of it doesn't say who is asking."""
    from kubernetes.config.config_exception import ConfigException

    kubeconfig: Any = import_module("kubernetes.config")  # says nothing about its types
    file = environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    wrong: list[str] = []
    try:
        there, current = kubeconfig.list_kube_config_contexts(file)
        names = [str(each["name"]) for each in there]
        wanted = context or next((each for each in known if each in names), str(current["name"]))
        with _heard(wrong):
            client = kubeconfig.new_client_from_config(file, context=wanted, persist_config=False)
    except (ConfigException, OSError, KeyError, TypeError, ValueError) as error:
        raise NoCluster(_without(context, str(error))) from error
    if wrong:
        raise NoCluster(f"The context {wanted} doesn't say who is asking: {'; '.join(wrong)}")
    return RemoteCluster(client, f"context {wanted}")


class _Heard(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps what is said."""
        self._said.append(record.getMessage())


@contextmanager
def _heard(said: list[str]) -> Iterator[None]:
    """Keeps the errors that are only logged: the client calls as nobody where a plugin fails."""
    handler = _Heard(said)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def by_google(environ: Mapping[str, str], path: str) -> RemoteCluster:
    """The cluster of that path in GKE's API, by the name that every certificate authority vouches for, with
    the credentials that Pulumi's provider has in this environment: nothing is installed for it. Raises
    NoCluster."""
    google = GoogleClient(environ)
    try:
        status, answer = google.ask(GKE, "GET", path)
        token = google.token()
    except Refused as error:
        raise NoCluster(error.message) from error
    ways = answer.get("controlPlaneEndpointsConfig") or {}
    endpoint = (ways.get("dnsEndpointConfig") or {}).get("endpoint")
    if status != 200 or not endpoint:
        said = message_of(answer) if status != 200 else "it has no endpoint by a name"
        raise NoCluster(f"{GKE.title} says of {path}: {said}.")
    return cluster_at(str(endpoint), token, path)


def _without(context: str | None, error: str) -> str:
    which = "no kubeconfig that can be used" if context is None else f"no context `{context}`"
    return (
        f"There is {which}: {error}. Get one with `gcloud container clusters get-credentials`, or say which"
        " with KUBECONFIG and --context."
    )
