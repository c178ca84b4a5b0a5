"""Routes lead to backends that are there, and a backend to which one leads stays."""

from typing import Any

from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.load_balancing import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.compute import BACKEND_SERVICE
from stacks.providers.routes import URL_MAP

ID = "projects/acme/global/backendServices/search-find"
ADDRESS = f"https://www.googleapis.com/compute/v1/{ID}"
BACKEND = StoredResource(
    "acme", BACKEND_SERVICE, ID, "", {"name": "search-find"}, {"selfLink": ADDRESS}, "", ""
)
ROUTES = {"name": "shop", "pathMatchers": [{"pathRules": [{"paths": ["/search/*"], "service": ADDRESS}]}]}
MAP = StoredResource("acme", URL_MAP, "projects/acme/global/urlMaps/shop", "", ROUTES, {}, "", "")


def said(
    token: str, after: dict[str, Any] | None, held: StoredResource | None, *others: StoredResource
) -> list[str]:
    before = None if held is None else held.inputs
    return [str(each) for each in refusals(CloudCall(token, "acme", before, after, held, others))]


def test_a_route_to_a_backend_that_is_not_there_is_refused() -> None:
    [told] = said(URL_MAP, ROUTES, None)
    assert f"'{ADDRESS}' was not found" in told
    assert said(URL_MAP, ROUTES, None, BACKEND) == []


def test_a_backend_to_which_a_route_leads_can_not_go() -> None:
    [told] = said(BACKEND_SERVICE, None, BACKEND, MAP)
    assert "is already being used by" in told
    assert said(BACKEND_SERVICE, None, BACKEND) == []


def test_the_backends_of_one_stack_go_after_its_routes() -> None:
    assert said(URL_MAP, None, MAP, BACKEND) == []
