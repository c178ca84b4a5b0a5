"""One control plane for all tests of rollouts: each has a namespace of its own there."""

from collections.abc import Iterator

import pytest

from tests.rollouts.cluster import Cluster, require_tools
from tests.rollouts.observed import Observer


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    require_tools()
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def observer(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observer]:
    with Observer(tmp_path_factory.mktemp("observer"), cluster.metrics) as running:
        yield running
