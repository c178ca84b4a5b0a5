"""How fresh units are: every alert of the global stack fires at its minute and at no other."""

import re
from pathlib import Path

import msgspec
import pytest

from catalog.kinds.observability_global import Freshness, ObservabilityGlobal
from catalog.kinds.team import Team
from catalog.loader import load
from components.design.global_stack.freshness import own_monitoring
from components.design.monitoring.model import Alert, Monitoring
from pave.monitoring.trying import try_alerts
from pave.workspace import HOME

pytestmark = pytest.mark.prometheus


def monitored(promised: Freshness) -> Monitoring:
    catalog = load(Path(HOME / "catalog"))
    hub, owner = catalog.find(ObservabilityGlobal, "production"), catalog.find(Team, "platform")
    assert hub is not None
    assert owner is not None
    hub.spec = msgspec.structs.replace(hub.spec, freshness=promised)
    return own_monitoring(hub, owner, "global-observability")


@pytest.mark.parametrize(
    "promised", [Freshness(5, 99.0), Freshness(2, 99.9), Freshness(60, 95.0), Freshness(5, 90.0)]
)
def test_a_unit_that_is_gone_is_told_of_in_time_and_a_pause_is_not(promised: Freshness) -> None:
    report = try_alerts(monitored(promised))
    assert report.said == ""
    assert report.untried == []
    assert [f"{each.alert}: {each.title}: {each.said}" for each in report.trials if not each.passed] == []


def test_an_age_that_is_a_minute_off_breaks_the_trials() -> None:
    found = monitored(Freshness(5, 99.0))
    off = re.sub(rb"> bool 300", b"> bool 360", msgspec.json.encode(found))
    assert not try_alerts(msgspec.json.decode(off, type=Monitoring)).passed


def test_an_alert_that_waits_longer_breaks_its_trials() -> None:
    def later(alert: Alert) -> Alert:
        return msgspec.structs.replace(alert, for_minutes=alert.for_minutes + 1)

    found = monitored(Freshness(5, 99.0))
    watches = [
        msgspec.structs.replace(watch, alerts=[later(alert) for alert in watch.alerts])
        for watch in found.watches
    ]
    report = try_alerts(msgspec.structs.replace(found, watches=watches))
    assert {each.alert.partition("[")[0] for each in report.trials if not each.passed} >= {
        "ProductionFreshnessBurn",
        "StagingFreshnessBurn",
    }
