"""Which signals a deploy is judged by, and that all who judge it take the same."""

from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.deploys.queries import clear
from components.design.monitoring.deploys.signals import Signal, signals
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored
from components.design.rollout.looking import most_minutes
from components.design.service import designed

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
    z = clear(compared, most_minutes(len(rollout.steps), rollout.soak_minutes))
    outcomes = [rule.expr for rule in recorded if rule.record == "rollout:outcome"]
    apart = {each.is_versioned for each in compared}
    assert [repr(z) in expr for expr in outcomes] == [True for _ in apart]


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


@pytest.mark.parametrize("name", NAMES)
def test_whoever_is_judged_has_a_signal_of_its_own_that_decides_and_that_the_unit_records(
    catalog: Catalog, name: str
) -> None:
    service, found, compared = of(catalog, name)
    seen_by_unit = {
        rule.labels.get("signal")
        for watch in found.watches
        if not watch.needs_all
        for rule in watch.recordings
        if rule.record == "rollout:large"
    }
    for workload in designed(catalog, service).workloads:
        is_judged = workload.rollout is not None and workload.rollout.analysis is not None
        assert is_judged == (workload.name in found.verdicts)
        own = {f"{workload.name}-requests"} | {
            f"{job.name}-execution" for job in service.spec.jobs if job.workload == workload.name
        }
        deciding = {each.name for each in compared if each.is_versioned and each.decides}
        assert is_judged <= bool(own & deciding & seen_by_unit)


def test_copies_of_the_portal_count_their_requests_as_strictly_as_its_strictest_journey(
    catalog: Catalog,
) -> None:
    _, _, compared = of(catalog, "customersdot")
    web = {each.name: each for each in compared if each.name.startswith("web-requests")}
    assert web["web-requests"].large == pytest.approx(0.0005)
    assert web["web-requests-in-time"].golden == "latency"
    assert not web["web-requests-in-time"].decides
