"""The availability of the shipped catalog, once more by simulating outages: no arithmetic in common."""

from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.availability.series import tree_of
from components.design.availability.tree import Failover, Soft, hard_leaves, soft_dependencies
from components.design.model import Design
from components.design.service import designed
from tests.design.event_simulation import simulate

SERVICES = [
    "customersdot",
    "customersdot-today",
    "invoice-archive",
    "lunch-menu",
    "receipt-scanner",
    "usage-api",
]
HOURS = 6e6


def _designed(shipped: Path, name: str) -> tuple[Service, Design]:
    catalog = load(shipped, [shipped / "examples" / "customersdot-today.yaml"])
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service)
    return service, designed(catalog, service)


def test_all_shipped_services_are_simulated(shipped: Path) -> None:
    assert {path.stem for path in (shipped / "services").glob("*.yaml")} == set(SERVICES) - {
        "customersdot-today"
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVICES)
def test_a_shipped_service_is_as_available_as_its_simulation(shipped: Path, name: str) -> None:
    service, design = _designed(shipped, name)
    seen = simulate(tree_of(service, design), seed=3, hours=HOURS)
    expected = 1.0 - design.availability.designed / 100.0
    assert seen.half_width < 0.15 * expected, "the simulation is too short to tell right from wrong"
    assert seen.unavailability == pytest.approx(expected, abs=seen.half_width)


def test_all_that_customersdot_needs_is_in_series(shipped: Path) -> None:
    service, design = _designed(shipped, "customersdot")
    tree = tree_of(service, design)
    assert {leaf.name for leaf in hard_leaves(tree)} == {
        "proxy cloudflare",
        "names",
        "front door",
        "firewall",
        "workloads web + api",
        "control plane",
        "image registry",
        "store db",
        "region us-east1",
        "deploys",
    }
    assert {part.name for part in soft_dependencies(tree)} == {
        "store redis",
        *(f"dependency {each.name}" for each in service.spec.dependencies),
        "way out (NAT)",
    }


def test_the_way_out_is_needed_as_the_neediest_vendor_behind_it(shipped: Path) -> None:
    service, design = _designed(shipped, "customersdot-today")
    machine = tree_of(service, design)
    assert "way out (NAT)" not in {leaf.name for leaf in hard_leaves(machine)}, "machines have addresses"
    service, design = _designed(shipped, "receipt-scanner")
    inside = tree_of(service, design)
    leaves = [*hard_leaves(inside), *soft_dependencies(inside)]
    assert "way out (NAT)" not in {leaf.name for leaf in leaves}, "it calls no vendor"


def test_maintenance_counts_where_an_sla_leaves_it_out(shipped: Path) -> None:
    def interrupted(name: str) -> list[str]:
        leaves = hard_leaves(tree_of(*_designed(shipped, name)))
        return [leaf.name for leaf in leaves if isinstance(leaf, Failover) and "maintenance" in leaf.name]

    assert interrupted("invoice-archive") == ["maintenance of store index"]
    assert interrupted("customersdot") == []


def test_a_soft_store_is_covered_as_its_owner_says_or_by_default(shipped: Path) -> None:
    tree = tree_of(*_designed(shipped, "customersdot"))
    soft = {part.name: part.coverage for part in getattr(tree, "parts", ()) if isinstance(part, Soft)}
    assert soft["store redis"] == 0.9
