"""A service's alerts reach the receivers of its environment's unit, whoever evaluates each: from its file to
a page, with the real programs."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.kinds.service import service_at
from catalog.loader import Catalog, load
from components.design.monitoring.model import Alert, Watch
from components.design.monitoring.monitored import monitored
from tests.prometheus.processes import until
from tests.prometheus.unit_on_loopback import Outside
from tests.prometheus.watched_on_loopback import AGO, Watched, planned, through

pytestmark = pytest.mark.prometheus

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"
SERVICE = "customersdot"
SLOW = 0.16
"""Share of purchases that are slow: more than the 14.4 % of an hour that page with an objective of 99 %, and
less than the 28.8 % with one of 98 %."""


def watches(catalog: Catalog) -> dict[str, Watch]:
    found = service_at(catalog, SERVICE, "production")
    assert not isinstance(found, list)
    return {each.name: each for each in monitored(catalog, found).watches}


def burning(catalog: Catalog) -> Alert:
    (found,) = [
        each
        for each in watches(catalog)["customersdot-purchase-latency"].alerts
        if each.labels.get("window") == "1h"
    ]
    return found


def counted(catalog: Catalog, share: float) -> str:
    """What the load balancer has counted up to now, if that share of purchases is slow."""
    names = {each.series for each in watches(catalog)["customersdot-purchase-latency"].trials[0].series}

    def rising(good: float) -> Callable[[int], float]:
        return lambda minute: 600 * minute * good

    return through(
        AGO,
        time.time(),
        {name: rising(1 - share if "_bucket" in name else 1) for name in sorted(names)},
    )


def changed(folder: Path, text: str, by: str) -> Catalog:
    """The shipped catalog in which the purchase has another promise."""
    shutil.copytree(SHIPPED, folder)
    file = folder / "services" / f"{SERVICE}.yaml"
    written = file.read_text()
    assert text in written
    file.write_text(written.replace(text, by, 1))
    return load(folder)


@pytest.fixture(scope="module")
def outside() -> Outside:
    return Outside()


@pytest.fixture(scope="module")
def watched(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    catalog = load(SHIPPED)
    folder = tmp_path_factory.mktemp("watched")
    made = Watched(folder, catalog, SERVICE, outside, counted(catalog, SLOW))
    yield made
    made.end()


def pages(outside: Outside) -> list[set[tuple[str, str]]]:
    """What each page told, by the names and subjects of alerts."""
    return [
        {(alert["labels"]["alertname"], alert["labels"]["subject"]) for alert in body["alerts"]}
        for path, body in outside.told
        if path == "/page" and body["status"] == "firing"
    ]


SLOW_PURCHASE = ("CustomersdotPurchaseLatencyBurn", "purchase")
GIVEN_UP = ("CustomersdotProvisionSubscriptionGivenUp", "provision-subscription")


def test_an_alert_reaches_the_units_receiver_once_whoever_evaluates_it(
    watched: Watched, outside: Outside
) -> None:
    until(lambda: pages(outside))
    assert pages(outside) == [{SLOW_PURCHASE}], "Google's evaluator, for what only the load balancer counts"
    told = next(body for path, body in outside.told if path == "/page")["alerts"][0]["labels"]
    assert (
        told.items() >= {"service": SERVICE, "cell": "production", "window": "1h", "severity": "s1"}.items()
    )

    watched.metrics["jobs"] = 'sidekiq_jobs_dead_total{worker="ProvisionSubscriptionWorker"} 1\n'
    until(lambda: len(pages(outside)) > 1)
    assert pages(outside)[-1] == {SLOW_PURCHASE, GIVEN_UP}
    fires = f'ALERTS{{alertname="{GIVEN_UP[0]}",alertstate="firing"}}'
    until(lambda: watched.found("unit-0", fires) and watched.found("unit-1", fires))
    assert len(pages(outside)) == 2, "both Prometheus of the unit tell, and it is one page"

    watched.internet.is_reachable = False
    gone = {("CustomersdotPurchaseUnreachable", "purchase"), ("CustomersdotPortalUnreachable", "portal")}
    until(lambda: any(page >= gone for page in pages(outside)))
    assert SLOW_PURCHASE not in pages(outside)[-1], "while nobody gets in, that it is slow adds nothing"
    (host,) = {host for host, _, _ in watched.internet.asked}
    assert host == "customers.acme.example"
    assert {program.partition("/")[0] for _, _, program in watched.internet.asked} == {"Blackbox Exporter"}


def test_a_vendor_that_is_out_is_a_page_of_its_own(watched: Watched, outside: Outside) -> None:
    told = 'probe_success{caller="customersdot",cell="production",vendor!=""}'
    until(lambda: len(watched.found("unit-0", f"{told} == 1")) == 5)
    labels = [labels for labels, _ in watched.found("unit-0", told)]
    assert {each["vendor"] for each in labels} == {"zuora", "stripe", "salesforce", "mailgun", "gitlab-com"}
    assert all(not {"service", "subject", "__param_module"} & each.keys() for each in labels)
    out = ("CustomersdotZuoraVendorUnreachable", "zuora")
    assert not any(out in page for page in pages(outside)), "one that wants credentials is there"
    watched.internet.out = {"rest.zuora.com"}
    until(lambda: any(out in page for page in pages(outside)))


def test_what_pods_tell_bears_the_labels_that_rules_and_routes_ask_for(watched: Watched) -> None:
    watched.metrics["jobs"] = 'sidekiq_jobs_failed_total{email="jane@acme.example",queue="a"} 1\n'
    until(lambda: watched.found("unit-1", "sidekiq_jobs_failed_total"))
    ((labels, _),) = watched.found("unit-1", "sidekiq_jobs_failed_total")
    assert (
        labels.items()
        >= {
            "team": "fulfillment-platform",
            "service": SERVICE,
            "cell": "production",
            "environment": "production",
            "namespace": SERVICE,
            "workload": "jobs",
            "pod": "jobs-1",
        }.items()
    )
    assert labels["queue"] == "a"
    assert "email" not in labels, "no series names anybody"
    assert labels["instance"].endswith(":8082"), "the port of its annotation, and one target for all of a pod"


def test_the_prober_tells_when_a_certificate_ends_as_the_alert_on_it_reads(watched: Watched) -> None:
    told = 'probe_ssl_earliest_cert_expiry{service="customersdot",cell="production"} - time()'
    until(lambda: watched.found("unit-0", told))
    assert {round(left / 86400) for _, left in watched.found("unit-0", told)} == {90}


def test_a_schedule_that_runs_twice_is_told_though_others_tell_it_of_its_namespace(watched: Watched) -> None:
    told = 'kube_cronjob_status_active{namespace="customersdot",cronjob="billing-clock"}'
    watched.metrics["kube-state-metrics"] = f"{told} 2\n"
    until(lambda: watched.found("unit-0", told))
    ((labels, value),) = watched.found("unit-0", told)
    assert (value, labels["environment"]) == (2, "production")
    alert = 'ALERTS{alertname="CustomersdotBillingClockDoubled",alertstate="firing"}'
    until(lambda: watched.found("unit-0", alert))


def test_both_prometheus_have_the_services_rules_and_each_is_evaluated_by_one_side_only(
    watched: Watched,
) -> None:
    here, google = watched.rules("unit-0"), watched.rules("google")
    until(lambda: {*watched.rules("unit-0").values(), *watched.rules("google").values()} == {"ok"})
    alerts = {rule["alert"] for rule in planned(watched.plan) if "alert" in rule}
    assert alerts <= here.keys() | google.keys()
    assert not alerts & here.keys() & google.keys()
    assert watched.rules("unit-1").keys() == here.keys()


def test_another_objective_in_the_spec_is_another_threshold_in_the_evaluator(
    tmp_path: Path, outside: Outside
) -> None:
    catalog = changed(
        tmp_path / "catalog",
        "slo: {availability: 99.95, latencyMs: 1000, latency: 99}",
        "slo: {availability: 99.95, latencyMs: 1000, latency: 98}",
    )
    (tmp_path / "watched").mkdir()
    watched = Watched(tmp_path / "watched", catalog, SERVICE, outside, counted(catalog, SLOW))
    try:
        bound = 'sli:bad_ratio:lower1h{sli="purchase-latency"}'
        until(lambda: watched.found("google", bound))
        assert watched.found("google", f"{bound} > 0.14"), "as before"
        assert watched.found("google", burning(catalog).expr) == []
        assert watched.found("google", burning(load(SHIPPED)).expr) != []
    finally:
        watched.end()
