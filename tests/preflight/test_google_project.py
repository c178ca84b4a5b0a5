"""What Google's projects answer."""

import pytest

from catalog.loader import load
from pave.preflight.google_project import GoogleProject, place_of
from pave.preflight.model import NoAnswer, PlannedStack, QuotaState
from pave.preflight.questions.names import is_named
from stacks.plan import record_stack
from stacks.providers.ownership import PLACES, owner_in
from stacks.stack import parse_stack
from tests.repository import HOME
from tests.served_google import google, method_of

BUCKET = "gcp:storage/bucket:Bucket"
NETWORK = "gcp:compute/network:Network"


def test_apis_that_are_disabled_are_left_out_however_many_are_asked() -> None:
    names = [f"a{number}.googleapis.com" for number in range(45)]
    with google({}, disabled={"a3.googleapis.com", "a44.googleapis.com"}) as environment:
        enabled = GoogleProject(environment).enabled_apis("p", names)
    assert {*names} - enabled == {"a3.googleapis.com", "a44.googleapis.com"}


def test_the_quotas_of_a_region_and_of_the_project_are_its_own() -> None:
    def quotas(limit: float) -> dict[str, object]:
        return {"quotas": [{"metric": "CPUS", "limit": limit, "usage": 3.0}]}

    with google({"projects/p": quotas(8.0), "projects/p/regions/us-east1": quotas(24.0)}) as environment:
        project = GoogleProject(environment)
        assert project.quotas("p", "global") == {"CPUS": QuotaState(8, 3)}
        assert project.quotas("p", "us-east1") == {"CPUS": QuotaState(24, 3)}
        with pytest.raises(NoAnswer, match="Compute Engine answered 404"):
            project.quotas("p", "us-east2")


def test_permissions_are_asked_for_in_parts() -> None:
    names = [f"compute.networks.a{number}" for number in range(150)]
    with google({}, missing={names[0], names[149]}) as environment:
        granted = GoogleProject(environment).granted("p", names)
    assert {*names} - granted == {names[0], names[149]}


def test_a_resource_is_there_with_its_labels_or_it_is_not_or_nobody_says() -> None:
    id_ = "projects/p/global/networks/n"
    with google({id_: {"name": "n"}, f"{id_}o": (403, "Required permission compute.networks.get")}) as there:
        project = GoogleProject(there)
        assert project.find(NETWORK, id_, "p") == {"name": "n"}
        assert project.find(NETWORK, f"{id_}x", "p") is None
        with pytest.raises(NoAnswer, match=r"answered 403: Required permission"):
            project.find(NETWORK, f"{id_}o", "p")
        with pytest.raises(NoAnswer, match="nobody knows how to ask"):
            project.find("gcp:sql/user:User", "me//db", "p")


def test_a_bucket_of_somebody_else_is_there() -> None:
    said = "me does not have storage.buckets.get access to the Google Cloud Storage bucket."
    with google({"b/taken": (403, said), "b/off": (403, "API has not been used")}) as environment:
        project = GoogleProject(environment)
        assert project.find(BUCKET, "taken", "p") == {}
        assert project.find(BUCKET, "free", "p") is None
        with pytest.raises(NoAnswer):
            project.find(BUCKET, "off", "p")


def test_who_is_not_let_in_has_no_answer() -> None:
    with google({}) as environment:
        project = GoogleProject({**environment, "GOOGLE_OAUTH_ACCESS_TOKEN": "another"})
        with pytest.raises(NoAnswer, match="Service Usage answered 401"):
            project.enabled_apis("p", ["compute.googleapis.com"])


@pytest.mark.parametrize("stack", ["foundation.production", "service.customersdot.production"])
def test_google_has_a_method_for_each_name_that_is_asked_for_and_answers_its_labels(stack: str) -> None:
    catalog = load(HOME / "catalog")
    planned = PlannedStack(stack, record_stack(catalog, parse_stack(stack, catalog)).resources, {}, stack)
    labelled = set()
    with google() as environment:
        project = GoogleProject(environment)
        for resource in filter(is_named, planned.google()):
            id_ = planned.id_of(resource)
            try:
                assert not id_ or project.find(resource.type, id_, "p") is None
            except NoAnswer:
                continue
            if id_ and owner_in(resource.inputs) is not None:
                api, path = place_of(resource.type, id_, "p")
                method = method_of("GET", f"{api.root}/{path}".removeprefix("https://"))
                labelled.add(resource.type)
                assert {".".join(place) for place in PLACES} & method.response, resource.type
    assert len(labelled) > 3
