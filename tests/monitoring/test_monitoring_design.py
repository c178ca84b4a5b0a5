"""What is decided to be watched of a service, without asking Prometheus."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import Catalog, load
from components.design.alerts import WINDOWS
from components.design.monitoring import burn
from components.design.monitoring.dialects import EXPORTED, MANAGED
from components.design.monitoring.histogram import within
from components.design.monitoring.kinds.journeys import BUCKETS
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored
from components.design.monitoring.promql import series
from components.design.monitoring.rules import group
from components.design.monitoring.trial import Counter, Phase, counted
from tests.command import pave

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(SHIPPED, [])


def of(catalog: Catalog, name: str, place: str = "production") -> Monitoring:
    service = service_at(catalog, name, place)
    assert isinstance(service, Service)
    return monitored(catalog, service)


def everywhere(catalog: Catalog) -> list[Monitoring]:
    return [
        of(catalog, name, place)
        for name in catalog.documents["Service"]
        for place in places_of(catalog, name)
    ]


def test_every_journey_has_an_availability_and_a_latency(catalog: Catalog) -> None:
    found = of(catalog, "customersdot")
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    slis = {watch.sli.name for watch in found.watches if watch.sli is not None}
    journeys = {endpoint.name for endpoint in service.spec.endpoints}
    assert {f"{name}-{kind}" for name in journeys for kind in ("availability", "latency")} <= slis


def test_every_alert_is_tried_on_both_sides(catalog: Catalog) -> None:
    for found in everywhere(catalog):
        for watch in found.watches:
            for alert in watch.alerts:
                tried = [
                    check.fires
                    for trial in watch.trials
                    if trial.alert == alert.name and trial.labels.get("window") == alert.labels.get("window")
                    for check in trial.checks
                ]
                assert {True, False} <= set(tried), alert.id


def test_every_alert_says_whose_it_is_and_what_to_do(catalog: Catalog) -> None:
    for found in everywhere(catalog):
        for watch in found.watches:
            for rule in group(found, watch)["rules"]:
                assert {"team", "service", "environment", "cell"} <= rule["labels"].keys()
                if "alert" in rule:
                    assert {"summary", "description", "first_step"} <= rule["annotations"].keys()
                    assert rule["labels"]["severity"] in {"s1", "s2", "s3", "s4"}


def test_no_two_rules_are_the_same_series(catalog: Catalog) -> None:
    for found in everywhere(catalog):
        named = [
            (rule.get("record") or rule.get("alert"), tuple(sorted(rule["labels"].items())))
            for watch in found.watches
            for rule in group(found, watch)["rules"]
        ]
        assert len(named) == len(set(named))


def test_only_production_wakes_anybody_and_only_where_somebody_answers(catalog: Catalog) -> None:
    def paging(found: Monitoring) -> set[bool]:
        return {alert.pages for watch in found.watches for alert in watch.alerts}

    assert True in paging(of(catalog, "customersdot"))
    assert paging(of(catalog, "customersdot", "staging")) == {False}
    assert paging(of(catalog, "lunch-menu")) == {False}
    assert of(catalog, "lunch-menu").pager is None


def test_a_page_is_what_alertmanager_knows_as_one(catalog: Catalog) -> None:
    found = of(catalog, "customersdot")
    for watch in found.watches:
        rules = {rule["alert"]: rule for rule in group(found, watch)["rules"] if "alert" in rule}
        for alert in watch.alerts:
            assert ("pager" in rules[alert.name]["labels"]) == alert.pages or alert.labels.get("window")


def test_journeys_at_a_machines_own_address_are_gaps(home: Path) -> None:
    run = pave(home, "monitor", "show", "catalog/examples/customersdot-today.yaml")
    assert run.exit_code == 0, run.stderr
    assert "Nothing measures" in run.stdout
    assert "its machine's own address" in run.stdout


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (MANAGED, "loadbalancing_googleapis_com:https_request_count"),
        (EXPORTED, "stackdriver_https_lb_rule_loadbalancing_googleapis_com_https_request_count"),
    ],
)
def test_a_metric_of_google_is_called_as_whoever_brings_it_calls_it(dialect: object, name: str) -> None:
    assert dialect in (MANAGED, EXPORTED)
    made = (MANAGED if dialect is MANAGED else EXPORTED).metric(
        "https_lb_rule", "loadbalancing.googleapis.com/https/request_count", {"backend_target_name": "a"}
    )
    assert made.startswith(name + "{")
    assert ('monitored_resource="https_lb_rule"' in made) == (dialect is MANAGED)


def test_a_string_of_promql_is_closed_where_it_ends() -> None:
    assert series("m", {"a": 'x"\\\n'}) == 'm{a="x\\"\\\\\\n"}'


@given(
    objective=st.floats(50.1, 99.9999),
    window=st.sampled_from(sorted(WINDOWS)),
    share=st.floats(1e-6, 1.0),
)
def test_an_alert_fires_the_sooner_the_worse_it_is(objective: float, window: str, share: float) -> None:
    minutes = burn.minutes_to_fire(objective, window, share)
    worse = burn.minutes_to_fire(objective, window, min(1.0, share * 1.1))
    if minutes is None:
        assert share <= burn.threshold(objective, window)
    else:
        assert worse is not None
        assert burn.PACES[window].for_minutes < worse <= minutes


@given(ratio=st.floats(0, 1), count=st.floats(1, 1e9))
def test_the_lower_bound_lies_below_the_ratio_and_nears_it(ratio: float, count: float) -> None:
    low = burn.lower_bound(ratio, count)
    assert -1e-9 <= low <= ratio + 1e-9
    assert burn.lower_bound(ratio, 100 * count) >= low - 1e-9


@given(limit=st.floats(1, 600_000))
def test_a_limit_is_met_between_the_buckets_around_it(limit: float) -> None:
    found = within(lambda suffix, labels: series(f"h{suffix}", dict(labels)), BUCKETS, limit)
    weights = [float(weight) for weight in re.findall(r"([\d.]+) \* sum", found.bad)]
    bounds = [
        float(bound.removesuffix(".*").replace("\\\\", ""))
        for bound in re.findall(r'le=~?"([^"]+)"', found.bad)
    ]
    if len(bounds) == 2:
        assert sum(weights) == pytest.approx(1, abs=2e-4)
        assert bounds[0] <= limit + 0.1
        assert limit <= bounds[1] * 1.001 + 0.1
        assert bounds[0] * weights[0] + bounds[1] * weights[1] == pytest.approx(limit, rel=1e-2, abs=0.1)


def test_a_new_version_of_pods_counts_anew() -> None:
    counters = [Counter('jobs_total{queue="a"}', 1, 0, of_pods=True)]
    made = counted(counters, [Phase(1, 1), Phase(1, 2)], 30, restart=1)
    assert [(each.series, each.values) for each in made] == [
        ('jobs_total{queue="a",pod="old"}', "0+30x1 60 stale"),
        ('jobs_total{queue="a",pod="new"}', "_x2 0+60x1 120"),
    ]


def test_a_worker_that_tells_nothing_is_a_gap_and_not_silence(catalog: Catalog) -> None:
    found = of(catalog, "receipt-scanner")
    assert "job read-receipt" in {gap.what for gap in found.gaps}
    assert all(watch.sli is None or watch.sli.subject != "read-receipt" for watch in found.watches)


def test_pods_are_asked_where_their_spec_says(catalog: Catalog) -> None:
    asked = {
        each.workload: (each.port, each.port_name, each.path) for each in of(catalog, "customersdot").scrapes
    }
    ports = {"web": 8083, "api": 8083, "jobs": 8082}
    assert asked == {name: (port, "metrics", "/metrics") for name, port in ports.items()}


def test_a_critical_job_alerts_on_the_first_that_is_given_up_and_others_on_a_share(catalog: Catalog) -> None:
    alerts = {alert.id for watch in of(catalog, "customersdot").watches for alert in watch.alerts}
    assert "CustomersdotProvisionSubscriptionGivenUp" in alerts
    assert "CustomersdotProvisionSubscriptionExecutionBurn[1h]" not in alerts
    assert "CustomersdotRenewalReminderExecutionBurn[1h]" in alerts
    assert "CustomersdotRenewalReminderGivenUp" not in alerts


def test_declines_of_customers_wake_nobody(catalog: Catalog) -> None:
    found = of(catalog, "customersdot")
    declined = [alert for watch in found.watches for alert in watch.alerts if alert.name.endswith("Declined")]
    assert [alert.pages for alert in declined] == [False]


def test_no_label_tells_who_a_customer_is(catalog: Catalog) -> None:
    """Every label of what is recorded or alerted on is one of these, whose values the catalog says."""
    known = {"team", "service", "environment", "cell", "sli", "window", "subject", "event"}
    known |= {"alert_class", "alert_type", "severity", "pager"}
    known |= {"signal", "golden", "decides", "workload", "version", "compared"}
    for found in everywhere(catalog):
        for watch in found.watches:
            for rule in group(found, watch)["rules"]:
                assert rule["labels"].keys() <= known
                kept = re.findall(r"\bby *\(([^)]*)\)", rule["expr"])
                assert {name.strip() for names in kept for name in names.split(",")} <= known
