"""The API servers that the tests of this folder share: one for each environment, as there is one cluster."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from catalog.yaml.text import parse
from components.cluster.rollout_definitions import definitions
from tests.kubernetes.api_server import ApiServer, require_tools

KINDS = Path(__file__).with_name("kinds")
"""The kinds that GKE, and what has to be in a cluster, add to Kubernetes, as far as components use them."""

THERE = Path(__file__).with_name("there")
"""What GKE brings into each cluster, as far as components change or need it."""

STARTED = pytest.StashKey[bool]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says what the tests don't prove."""
    if STARTED in config.stash:
        names = " and ".join(sorted(path.stem for path in KINDS.glob("*.yaml")))
        terminalreporter.write_line(
            f"The schemas of {names} are ours, written after public"
            " documentation. No controllers ran: nothing was started."
        )


@pytest.fixture(scope="session")
def server_of(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], ApiServer]]:
    """The API server of an environment, by its name; started when it is first asked for."""
    require_tools()
    request.config.stash[STARTED] = True
    with ExitStack() as running:

        @cache
        def start(environment: str) -> ApiServer:
            server = running.enter_context(ApiServer(tmp_path_factory.mktemp(environment)))
            for kind in sorted(KINDS.glob("*.yaml")):
                server.define(parse(kind.read_bytes(), kind.name).data)
            for one in sorted(THERE.glob("*.yaml")):
                assert server.apply(parse(one.read_bytes(), one.name).data, manager="gke").is_taken
            for definition in definitions():
                server.define(definition)
            return server

        yield start


@pytest.fixture(scope="session")
def server(server_of: Callable[[str], ApiServer]) -> ApiServer:
    """An API server to break things on, in namespaces of one's own."""
    return server_of("production")
