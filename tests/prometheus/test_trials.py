"""Every alert of every shipped service fires when it is said to, and at no other time: as promtool sees
it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.model import Alert, Monitoring
from components.design.monitoring.monitored import monitored
from pave.monitoring.documents import as_yaml, exported, write
from pave.monitoring.promtool import run
from pave.monitoring.trying import try_alerts

pytestmark = pytest.mark.prometheus

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"
NAMES = [path.stem for path in sorted((SHIPPED / "services").glob("*.yaml"))]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load(SHIPPED, [])


def service(catalog: Catalog, name: str, place: str) -> Service:
    found = service_at(catalog, name, place)
    assert isinstance(found, Service)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_fires_at_its_minute_and_at_no_other(catalog: Catalog, name: str) -> None:
    """In production, where each service has most of them."""
    report = try_alerts(monitored(catalog, service(catalog, name, "production")))
    assert report.said == ""
    assert report.untried == []
    assert [f"{each.alert}: {each.title}: {each.said}" for each in report.trials if not each.passed] == []


@pytest.mark.parametrize("format_", ["google", "prometheus", "prometheus-operator"])
def test_what_is_exported_is_what_prometheus_reads(catalog: Catalog, tmp_path: Path, format_: str) -> None:
    found = exported(catalog, service(catalog, "customersdot", "production"), format_)
    groups = [group for content in found.values() for group in content.get("spec", content).get("groups", ())]
    assert len(groups) > 20
    (tmp_path / "all.yaml").write_bytes(as_yaml({"groups": groups}))
    passed, said = run("check", "rules", "all.yaml", folder=tmp_path)
    assert passed, said


def test_alertmanager_takes_the_routes_and_what_is_quiet_meanwhile(
    catalog: Catalog, tmp_path: Path, tools: Path
) -> None:
    write(exported(catalog, service(catalog, "customersdot", "production"), "prometheus"), tmp_path)
    file = tmp_path / "customersdot.alertmanager.yaml"
    done = subprocess.run(
        [tools / "amtool", "check-config", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    quiet = monitored(catalog, service(catalog, "customersdot", "production")).inhibitions
    assert f"{len(quiet)} inhibit rules" in done.stdout

    def receivers(*labels: str) -> str:
        asked = [str(tools / "amtool"), "config", "routes", "test", f"--config.file={file}", *labels]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()

    own = ("service=customersdot", "cell=production")
    assert receivers(*own, "severity=s3") == "fulfillment-platform-channel"
    assert receivers(*own, "severity=s1", "pager=pagerduty") == (
        "fulfillment-platform-pager,fulfillment-platform-channel"
    )


def changed(found: Monitoring, change: Callable[[Alert], Alert]) -> Monitoring:
    """The same with other alerts, and the trials of those that were."""
    watches = [
        msgspec.structs.replace(watch, alerts=[change(alert) for alert in watch.alerts])
        for watch in found.watches
    ]
    return msgspec.structs.replace(found, watches=watches)


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_a_threshold_that_is_one_percent_off_breaks_the_trials_of_each_burn_alert(
    catalog: Catalog, factor: float
) -> None:
    def off(alert: Alert) -> Alert:
        moved = re.sub(r"(?<= > )[\d.]+", lambda number: f"{float(number[0]) * factor:.12g}", alert.expr)
        return msgspec.structs.replace(alert, expr=moved)

    found = monitored(catalog, service(catalog, "usage-api", "production"))
    burning = {alert.id for watch in found.watches for alert in watch.alerts if "window" in alert.labels}
    report = try_alerts(changed(found, off))
    assert {each.alert for each in report.trials if not each.passed} == burning


def test_an_alert_that_waits_a_minute_longer_breaks_its_trials(catalog: Catalog) -> None:
    def later(alert: Alert) -> Alert:
        return msgspec.structs.replace(alert, for_minutes=alert.for_minutes + 2)

    found = monitored(catalog, service(catalog, "usage-api", "production"))
    every = {alert.id for watch in found.watches for alert in watch.alerts if "window" in alert.labels}
    report = try_alerts(changed(found, later))
    assert {each.alert for each in report.trials if not each.passed} >= every


def test_rules_that_promtool_cannot_read_are_no_pass(catalog: Catalog) -> None:
    def broken(alert: Alert) -> Alert:
        return msgspec.structs.replace(alert, expr="rate(")

    report = try_alerts(changed(monitored(catalog, service(catalog, "usage-api", "production")), broken))
    assert (report.passed, report.checked) == (False, False)
    assert "parse error" in report.said


def test_an_alert_that_nothing_makes_fire_is_no_pass(catalog: Catalog) -> None:
    found = monitored(catalog, service(catalog, "lunch-menu", "production"))
    watches = [msgspec.structs.replace(watch, trials=watch.trials[2:3]) for watch in found.watches]
    report = try_alerts(msgspec.structs.replace(found, watches=watches))
    assert not report.passed
    assert len(report.untried) == sum(len(watch.alerts) for watch in watches)
