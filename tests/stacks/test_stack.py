"""A stack's name says which program runs and for what; no two stacks make the same thing."""

from pathlib import Path

import pytest

from catalog.kinds.service import service_at
from catalog.loader import Catalog, load
from stacks.plan import Planner
from stacks.providers.ids import ProviderSettings, identity
from stacks.stack import Stack, UnknownStack, parse_stack, stack_of, stacks

SHIPPED = Path(__file__).parents[2] / "catalog"
SPEC = "services/customersdot.yaml"
INSTANCE = """
      instances:
        - name: canary
          override:
            edge: {host: canary.acme.example}
"""
PLACE = ProviderSettings("project", "region", "cluster")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped one, with an instance of a service that has everything a service can have."""
    catalog = load(SHIPPED)
    text = catalog.file(SPEC).text.replace(
        b"\n    - name: production\n", b"\n    - name: production" + INSTANCE.encode()
    )
    return catalog.with_text(SPEC, text)


def test_every_stack_is_found_by_its_name(catalog: Catalog) -> None:
    found = list(stacks(catalog))
    assert [parse_stack(str(stack), catalog) for stack in found] == found
    assert Stack("service", "customersdot", "production", "canary") in found
    assert [str(stack) for stack in found][:2] == ["foundation.production", "foundation.staging"]


def test_a_service_knows_its_stack(catalog: Catalog) -> None:
    for stack in stacks(catalog):
        if stack.service is not None:
            service = service_at(catalog, stack.service, stack.place)
            assert not isinstance(service, list)
            assert stack_of(service) == stack


def test_a_name_that_no_stack_has_is_told_what_was_meant(catalog: Catalog) -> None:
    with pytest.raises(UnknownStack, match=r"Did you mean `service\.customersdot\.production\.canary`"):
        parse_stack("service.customersdot.production.canari", catalog)


def test_an_instance_makes_nothing_that_its_service_makes(catalog: Catalog) -> None:
    planner = Planner(catalog)
    made = {}
    for name in ("service.customersdot.production", "service.customersdot.production.canary"):
        plan = planner.plan(parse_stack(name, catalog))
        made[name] = {
            (resource.type, identity(resource.type, resource.inputs, PLACE))
            for resource in plan.resources
            if resource.custom and not resource.type.startswith("pulumi:")
        }
        made[name] = {(type_, id_) for type_, id_ in made[name] if id_}
    own, canary = made.values()
    assert len(own) > 60
    assert {type_ for type_, _ in own} == {type_ for type_, _ in canary}
    assert own & canary == set()


def test_what_an_instance_has_is_labelled_as_its_services_and_its_own(catalog: Catalog) -> None:
    plan = Planner(catalog).plan(Stack("service", "customersdot", "production", "canary"))
    # Of a channel Cloud Monitoring keeps under `labels` where it leads.
    made = [each for each in plan.resources if not each.type.endswith(":NotificationChannel")]
    labels = [resource.inputs["labels"] for resource in made if "labels" in resource.inputs]
    assert labels
    assert {(one["service"], one["instance"]) for one in labels} == {("customersdot", "canary")}
