"""How fresh each unit is at the global stack: a promise of its own, with a budget and alerts.

A unit records its own time (`unit:heartbeat:seconds`), and what has arrived of it last is as old as the time
here less that. It pages nobody: a unit tells its teams without the global stack."""

from collections.abc import Iterator
from itertools import count

from catalog.kinds.observability_global import Freshness, ObservabilityGlobal, Tenant
from catalog.kinds.team import Team
from components.design.alerts import WINDOWS
from components.design.monitoring.burn import LONG, PACES, SHORT, threshold
from components.design.monitoring.identity import alert_name
from components.design.monitoring.model import Alert, Monitoring, RecordingRule, Watch
from components.design.monitoring.promql import series
from components.design.monitoring.trial import Check, InputSeries, Trial, number, percent
from components.design.unit.names import OWN_SERVICE
from components.design.unit.own_monitoring import HEARTBEAT

AGE, STALE = "unit:freshness:seconds", "unit:stale:bool"

FORGOTTEN_DAYS = 14
"""What hasn't arrived for so long, or ever, is so old."""

SEVERITIES = {"1h": "s3", "6h": "s4", "3d": "s4"}


def own_monitoring(hub: ObservabilityGlobal, owner: Team, namespace: str) -> Monitoring:
    """What is watched of the stack itself, and of how fresh each of its tenants is."""
    spec = hub.spec
    return Monitoring(
        name=f"global-{hub.name}",
        origin=hub.origin("spec", "freshness"),
        namespace=namespace,
        labels={
            "team": spec.owner,
            "service": OWN_SERVICE,
            "environment": hub.name,
            "cell": "global",
        },
        team=spec.owner,
        channel=owner.spec.slack_channel,
        email=owner.spec.email,
        coverage=owner.spec.on_call.coverage,
        pager=None,
        unit=None,
        runbook=None,
        dashboard=None,
        scrapes=[],
        probes=[],
        uptime=[],
        vendors=[],
        watches=[_alive(), *(_watch(each, spec.freshness) for each in spec.tenants)],
        verdicts={},
        inhibitions=[],
        gaps=[],
    )


def _alive() -> Watch:
    """The dead man's switch: it hears of this alert for as long as rules are evaluated here."""
    alive = Alert(
        name="Watchdog",
        expr="vector(1)",
        for_minutes=0,
        severity="none",
        pages=False,
        labels={},
        summary="The global stack is alive. Who stops hearing it calls.",
        first="Nothing: this alert is there as long as all is well.",
        when="always",
    )
    heard = Trial(
        title="it is always there",
        alert=alive.name,
        labels={},
        every_seconds=60,
        step_minutes=1,
        series=[InputSeries("up", "1x5")],
        checks=[Check(1, fires=True)],
    )
    return Watch(name="global", sli=None, recordings=[], alerts=[alive], trials=[heard], needs_all=True)


def _watch(tenant: Tenant, promised: Freshness) -> Watch:
    labels = {"unit": tenant.unit}
    newest = f"max(last_over_time({series(HEARTBEAT, _of(tenant))}[{FORGOTTEN_DAYS}d]))"
    stale = series(STALE, labels)
    recordings = [
        RecordingRule(AGE, f"(time() - {newest}) or vector({FORGOTTEN_DAYS * 86400})", labels),
        RecordingRule(STALE, f"{series(AGE, labels)} > bool {promised.within_minutes * 60}", labels),
        *(
            RecordingRule(f"unit:stale:ratio{window}", f"avg_over_time({stale}[{window}])", labels)
            for window in (*SHORT, *LONG)
        ),
    ]
    windows = [window for window in WINDOWS if threshold(promised.objective, window) < 1]
    alerts = [_alert(tenant, promised, window) for window in windows]
    trials = [trial for alert in alerts for trial in _trials(alert, tenant, promised)]
    name = f"freshness-{tenant.unit}"
    return Watch(name=name, sli=None, recordings=recordings, alerts=alerts, trials=trials, needs_all=True)


def _of(tenant: Tenant) -> dict[str, str]:
    """What only its own token writes: no unit can claim to be another one."""
    return {"vm_account_id": str(tenant.account)}


def _alert(tenant: Tenant, promised: Freshness, window: str) -> Alert:
    limit, short = threshold(promised.objective, window), WINDOWS[window].short
    selected = (series(f"unit:stale:ratio{each}", {"unit": tenant.unit}) for each in (window, short))
    age = f"older than {promised.within_minutes} minutes"
    return Alert(
        name=alert_name(tenant.unit, "freshness", "burn"),
        expr="\nand ".join(f"{each} > {number(limit)}" for each in selected),
        for_minutes=PACES[window].for_minutes,
        severity=SEVERITIES[window],
        pages=False,
        labels={"unit": tenant.unit, "window": window, "alert_class": "slo_violation"},
        summary=f"What is seen of the unit {tenant.unit} here is {age}: {PACES[window].budget}.",
        first=f"Look whether the unit {tenant.unit} is alive, and whether its UnitGlobalIsBehind fires there:"
        " it goes on paging without us, and what is missing comes with its job `catch-up`.",
        when=f"{age} in over {percent(limit)} of {window} and of {short}",
    )


ALIVE_MINUTES = 30
"""Before something happens in a trial."""


def _trials(alert: Alert, tenant: Tenant, promised: Freshness) -> Iterator[Trial]:
    """It fires at the minute at which too much of the window is stale, and a pause as long as is allowed
    changes nothing."""
    window, heartbeat = alert.labels["window"], series(HEARTBEAT, _of(tenant))
    gone = InputSeries(heartbeat, f"0+60x{ALIVE_MINUTES}")
    fires = _first_minute(promised, window) + alert.for_minutes
    yield _trial(alert, "it fires when it has been gone for too long", gone, {fires - 1: False, fires: True})
    pause = promised.within_minutes - 1
    back = ALIVE_MINUTES + pause + 1
    paused = InputSeries(heartbeat, f"0+60x{ALIVE_MINUTES} _x{pause} {back * 60}+60x120")
    yield _trial(alert, "a pause that is allowed is no story", paused, {back + 1: False, back + 100: False})


def _first_minute(promised: Freshness, window: str) -> int:
    """When the share of the window that is stale exceeds what the alert allows: it is recorded each minute
    from the first on, and of a window that isn't full yet only what there is counts."""
    limit, minutes = threshold(promised.objective, window), WINDOWS[window].seconds // 60
    last_fresh = ALIVE_MINUTES + promised.within_minutes
    return next(
        minute for minute in count(last_fresh) if minute - last_fresh > limit * min(minute + 1, minutes)
    )


def _trial(alert: Alert, title: str, given: InputSeries, checks: dict[int, bool]) -> Trial:
    return Trial(
        title=title,
        alert=alert.name,
        labels={"window": alert.labels["window"]},
        every_seconds=60,
        step_minutes=1,
        series=[given],
        checks=[Check(minute, fires=fires) for minute, fires in checks.items()],
    )
