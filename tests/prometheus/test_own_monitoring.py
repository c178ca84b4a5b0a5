"""What a unit says of itself: every alert fires at its minute and at no other, as promtool sees it."""

import msgspec
import pytest

from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.team import Team
from catalog.loader import load
from components.design.monitoring.model import Alert, Monitoring
from components.design.unit.own_monitoring import own_monitoring
from pave.monitoring.trying import try_alerts
from pave.workspace import HOME

pytestmark = pytest.mark.prometheus


@pytest.fixture(scope="module")
def monitored() -> Monitoring:
    catalog = load(HOME / "catalog")
    unit = catalog.find(ObservabilityUnit, "production")
    assert unit is not None
    owner = catalog.find(Team, unit.spec.owner)
    assert owner is not None
    return own_monitoring(unit, owner)


def test_every_alert_of_a_unit_on_itself_fires_at_its_minute_and_at_no_other(monitored: Monitoring) -> None:
    report = try_alerts(monitored)
    assert report.said == ""
    assert report.untried == []
    assert [f"{each.alert}: {each.title}: {each.said}" for each in report.trials if not each.passed] == []


def test_an_alert_that_waits_a_minute_longer_breaks_its_trials(monitored: Monitoring) -> None:
    def later(alert: Alert) -> Alert:
        return msgspec.structs.replace(alert, for_minutes=alert.for_minutes + 1)

    (watch,) = monitored.watches
    waiting = [each.name for each in watch.alerts if each.for_minutes]
    slow = msgspec.structs.replace(watch, alerts=[later(each) for each in watch.alerts])
    report = try_alerts(msgspec.structs.replace(monitored, watches=[slow]))
    assert {each.alert for each in report.trials if not each.passed} >= {*waiting}
