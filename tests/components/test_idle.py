"""Nothing stands about that nothing is made of, or that nothing leads to."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

import components
from components.paved import Paved
from tests.components.service_plans import all_of, plan, urns
from tests.components.test_foundation import plan as foundation
from tests.components.test_global_stack import plan as global_stack
from tests.components.test_observability_unit import plan as unit

SERVICES = [
    "customersdot",
    "customersdot-today",
    "lunch-menu",
    "status-page",
    "usage-api",
    "invoice-archive",
    "photo-album",
    "order-desk",
    "every-store",
]


def test_every_component_is_part_of_a_stack() -> None:
    for module in walk_packages(components.__path__, "components."):
        import_module(module.name)
    made = {each.type for name in SERVICES for each in plan(name).resources}
    made |= {each.type for each in (*foundation().resources, *unit().resources, *global_stack().resources)}
    assert {kind.token for kind in _whole(Paved)} - made == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_firewall_policy_stands_in_front_of_a_backend(service: str) -> None:
    asked = [each.inputs["securityPolicy"] for each in all_of(":BackendService", service)]
    shared = {each for each in asked if isinstance(each, str)}
    own = {urn for each in asked if not isinstance(each, str) for urn in urns(each)}
    assert {each.urn for each in all_of(":SecurityPolicy", service)} == own
    made = [each.inputs["name"] for each in foundation().resources if each.type.endswith(":SecurityPolicy")]
    assert {each.rpartition("/")[2] for each in shared} <= {*made}


def _whole(kind: type[Paved]) -> Iterator[type[Paved]]:
    """The classes that nothing is based on: what others are is no component yet."""
    for each in kind.__subclasses__():
        yield from _whole(each) if each.__subclasses__() else [each]
