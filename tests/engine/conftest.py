"""The engine that the tests of this folder share."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests import supervised
from tests.engine import leaving
from tests.engine.engine import FOUNDATIONS, Engine, require_cli
from tests.engine.road import Road


@pytest.fixture(scope="session", autouse=True)
def leave_no_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No local cloud outlives the tests, even if they are killed."""
    last = supervised.afterwards([sys.executable, "-I", leaving.__file__, tmp_path_factory.getbasetemp()])
    yield
    supervised.end(last)


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine of one test's own, with nothing in it."""
    require_cli()
    engine = Engine(tmp_path_factory.mktemp("engine"))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that knows the stacks of both foundations, and has previewed nothing yet."""
    require_cli()
    engine = Engine(tmp_path_factory.mktemp("shared"))
    for stack in FOUNDATIONS:
        engine.new(stack)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def first_previews(shared: Engine) -> dict[str, list[dict[str, Any]]]:
    """The previews of the foundations, while there is nothing."""
    return {stack: shared.preview(stack) for stack in FOUNDATIONS}


@pytest.fixture(scope="session")
def landed(request: pytest.FixtureRequest) -> Engine:
    """The shared engine, with both foundations on its cloud."""
    request.getfixturevalue("first_previews")
    engine: Engine = request.getfixturevalue("shared")
    for stack in FOUNDATIONS:
        done = engine.up(stack)
        assert done.code == 0, done.text
    return engine


@pytest.fixture(scope="session")
def paved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """A foundation and a service with a database and a secret on it, both made by `pave up`."""
    road = Road(tmp_path_factory.mktemp("paved"))
    try:
        road.set_secrets("service.invoice-archive.production")
        for stack in ("foundation.production", "invoice-archive"):
            done = road.up(stack)
            assert done.code == 0, done.text
        yield road
    finally:
        road.close()


@pytest.fixture
def road(paved: Road) -> Iterator[Road]:
    """The same, with a catalog that is put back."""
    yield paved
    paved.restore()
    paved.store.clear_faults()
