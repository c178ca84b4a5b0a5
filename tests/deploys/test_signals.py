"""Which signals a deploy is judged by, and that all who judge it take the same."""

from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.deploys.queries import clear, minutes
from components.design.monitoring.deploys.signals import Signal, signals
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"
NAMES = [path.stem for path in sorted((SHIPPED / "services").glob("*.yaml"))]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(SHIPPED, [])


def of(catalog: Catalog, name: str) -> tuple[Service, Monitoring, list[Signal]]:
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service)
    found = monitored(catalog, service)
    return service, found, signals(service, found.watches)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_recorded_is_what_the_command_judges(catalog: Catalog, name: str) -> None:
    service, found, compared = of(catalog, name)
    recorded = [rule for watch in found.watches for rule in watch.recordings]
    assert {each.name for each in compared} == {
        rule.labels["signal"] for rule in recorded if rule.record == "rollout:large"
    }
    rollout = service.spec.rollout
    z = clear(compared, minutes(rollout.steps, rollout.soak_minutes))
    outcomes = [rule.expr for rule in recorded if rule.record == "rollout:outcome"]
    assert [repr(z) in expr for expr in outcomes] == ([True] if compared else [])


def test_pods_are_compared_by_version_and_a_load_balancer_before_and_after(catalog: Catalog) -> None:
    _, _, compared = of(catalog, "customersdot")
    versioned = {each.name for each in compared if each.is_versioned}
    assert versioned >= {"payment-success", "provision-subscription-execution", "renewal-reminder-queueing"}
    assert {each.name for each in compared} - versioned == {
        *("web-errors", "web-latency", "api-errors", "api-latency")
    }


def test_only_errors_decide_that_it_passes(catalog: Catalog) -> None:
    _, _, compared = of(catalog, "customersdot")
    assert all(each.decides == (each.golden == "errors") for each in compared)


def test_of_a_small_share_of_traffic_that_much_less_is_seen(catalog: Catalog) -> None:
    _, _, compared = of(catalog, "customersdot")
    web = next(each for each in compared if each.name == "web-errors")
    assert web.large == pytest.approx(0.0005 * 0.05)
    assert web.dire == pytest.approx(14.4 * 0.0005 * 0.05)
