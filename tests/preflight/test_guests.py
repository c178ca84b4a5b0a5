"""Whether the backends of a host's guests are there, asked before an update of its front door."""

from datetime import date
from typing import cast

import pytest

from catalog.document import Json
from pave.preflight.asking import planned_stack
from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding
from pave.preflight.questions.guests import ask
from pave.workspace import Workspace
from stacks.plan import record_stack
from stacks.stack import parse_stack
from tests.components.test_shared_host import guest, shop
from tests.repository import HOME


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> PlannedStack:
    folder = tmp_path_factory.mktemp("host")
    files = []
    for name, text in (("shop", shop("search")), ("search", guest("search", "/search/*"))):
        files.append(folder / f"{name}.yaml")
        files[-1].write_text(text, "utf-8")
    work = Workspace(HOME / "catalog", date(2026, 11, 21), files)
    stack = parse_stack("service.shop.production", work.catalog)
    return planned_stack(work, stack, record_stack(work.catalog, stack), {})


class There:
    """A cloud that holds this, or says nothing."""

    def __init__(self, found: Json | None, error: str = "") -> None:
        self.found = found
        self.error = error
        self.asked: list[str] = []

    def find(self, token: str, id_: str, project: str) -> Json | None:
        self.asked.append(f"{token.rpartition(':')[2]} {id_} in {project}")
        if self.error:
            raise NoAnswer(self.error)
        return self.found


def answers(planned: PlannedStack, cloud: There) -> list[PreflightFinding]:
    return list(ask(planned, cast("CloudProject", cloud)))


def test_a_backend_that_is_there_is_asked_for_by_its_path(planned: PlannedStack) -> None:
    cloud = There({"name": "search-j0"})
    [found] = answers(planned, cloud)
    assert (found.answer, found.what) == ("ok", "is there, for /search/*")
    project = "acme-subscriptions-prod"
    id_ = f"projects/{project}/global/backendServices/search-j0"
    assert cloud.asked == [f"BackendService {id_} in {project}"]


def test_a_backend_that_is_not_there_stops_the_update_and_says_what_comes_first(
    planned: PlannedStack,
) -> None:
    [found] = answers(planned, There(None))
    assert found.answer == "no"
    assert "the guest's stack first" in found.fix


def test_what_the_cloud_does_not_say_is_undecided(planned: PlannedStack) -> None:
    [found] = answers(planned, There(None, "403"))
    assert (found.answer, found.what) == ("undecided", "403")
