from collections import defaultdict
from typing import Any

import pytest

from catalog.checks.machine_types import SERIES
from catalog.checks.quota_metrics import wrong_metric
from catalog.kinds.environment import Environment
from catalog.kinds.service import services_in
from catalog.kinds.zone import Zone
from catalog.loader import Catalog, load
from components.design.capacity.default_quotas import GLOBAL, OF_A_PROJECT, OF_A_REGION
from components.design.capacity.quotas import QuotaNeed, Use, foundation_uses, processor_uses, service_uses
from components.design.capacity.together import needed_together, together
from components.design.unit.needed import unit_needs
from stacks.plan import Plan, record_stack
from stacks.providers.quotas import uses
from stacks.stack import foundation_stack, stack_of
from tests.components.service_plans import SHAPES
from tests.repository import HOME

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")
ENVIRONMENTS = ["production", "staging"]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped one, with services of every shape."""
    found = load(HOME / "catalog", SHAPES.values())
    assert found.problems == []
    return found


def environment(catalog: Catalog, name: str) -> Environment:
    found = catalog.find(Environment, name)
    assert found is not None
    return found


def summed(found: list[Use]) -> dict[tuple[str, str], float]:
    total: dict[tuple[str, str], float] = defaultdict(float)
    for use in found:
        total[use.metric, use.place] += use.amount
    return {quota: amount for quota, amount in total.items() if amount}


def planned(plan: Plan) -> dict[tuple[str, str], float]:
    return summed([use for each in plan.resources if not each.read for use in uses(each.type, each.inputs)])


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_what_a_design_takes_of_quotas_is_what_its_plan_takes(catalog: Catalog, name: str) -> None:
    for service in services_in(catalog, name):
        plan = record_stack(catalog, stack_of(service))
        assert summed([*service_uses(service)]) == planned(plan), service.full_name
    where = environment(catalog, name)
    first = len(where.spec.zones) * where.spec.cluster.nodes_per_zone.min
    plan = record_stack(catalog, foundation_stack(name))
    assert summed([*foundation_uses(where, catalog.find(Zone, name), first)]) == planned(plan)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_shipped_environments_state_what_the_defaults_lack(name: str) -> None:
    shipped = load(HOME / "catalog")
    where = environment(shipped, name)
    needs = needed_together(shipped, where, unit_needs(shipped, where)).quotas
    short = [each.metric for each in needs if each.limit is None or each.needed > each.limit]
    assert short == []
    assert all(each.source for each in needs if each.stated is None)


def test_a_statement_holds_instead_of_the_default_in_its_scope_alone(catalog: Catalog) -> None:
    needs = {(each.metric, each.scope): each for each in needed(catalog, "production")}
    assert needs["STATIC_ADDRESSES", "project"].stated is not None
    regional = needs["STATIC_ADDRESSES", "region"]
    assert (regional.stated, regional.limit) == (None, OF_A_REGION["STATIC_ADDRESSES"].limit)


def needed(catalog: Catalog, name: str) -> list[QuotaNeed]:
    return needed_together(catalog, environment(catalog, name)).quotas


def test_who_takes_most_is_named(catalog: Catalog) -> None:
    policies = next(each for each in needed(catalog, "production") if each.metric == "SECURITY_POLICIES")
    assert policies.first == "5 by customersdot"


def test_the_cluster_takes_the_nodes_that_its_services_need() -> None:
    catalog = load(HOME / "catalog")
    where = environment(catalog, "production")

    def processors(services: list[Any]) -> float:
        return next(each.needed for each in together(where, services).quotas if each.metric == "N2_CPUS")

    services = services_in(catalog, "production")
    assert processors([]) == 8 * 3 * where.spec.cluster.nodes_per_zone.min
    assert processors([*services] * 3) > processors(services) >= processors([])
    assert processors(services * 20) == 8 * 3 * where.spec.cluster.nodes_per_zone.max


@pytest.mark.parametrize(
    ("machine_type", "metric", "cores"),
    [
        ("e2-standard-4", "CPUS", 4),
        ("n1-standard-2", "CPUS", 2),
        ("custom-6-8192", "CPUS", 6),
        ("n2d-highmem-8", "N2D_CPUS", 8),
        ("c3-standard-4", "C3_CPUS", 4),
    ],
)
def test_each_series_of_machines_has_its_quota(machine_type: str, metric: str, cores: int) -> None:
    found = summed([*processor_uses(machine_type, "us-east1", 2)])
    assert found == {(metric, "us-east1"): 2 * cores, ("CPUS_ALL_REGIONS", GLOBAL): 2 * cores}


def test_a_quota_without_a_known_default_has_no_limit() -> None:
    assert not {"C3_CPUS", "T2D_CPUS"} & OF_A_REGION.keys()
    assert "SECURITY_POLICIES" not in OF_A_PROJECT


def test_whatever_is_counted_is_a_quota_of_its_scope_and_so_is_every_default(catalog: Catalog) -> None:
    taken = {(need.metric, need.scope) for name in ENVIRONMENTS for need in needed(catalog, name)}
    known = {(metric, "project") for metric in OF_A_PROJECT} | {(metric, "region") for metric in OF_A_REGION}
    for series in SERIES:
        uses_of_it = processor_uses(f"{series}-standard-4", "us-east1", 1)
        taken |= {(use.metric, "project" if use.place == GLOBAL else "region") for use in uses_of_it}
    assert [quota for quota in taken | known if wrong_metric(*quota)] == []
