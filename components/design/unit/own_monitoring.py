"""What a unit says of itself: that it is there, and what doesn't work of it."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.team import Team
from components.design.monitoring.model import Alert, Monitoring, RecordingRule, Watch
from components.design.monitoring.promql import series
from components.design.monitoring.trial import Check, InputSeries, Trial
from components.design.monitoring.trials.threshold import gauge_trials, trial
from components.design.unit.catch_up import HOURS_BETWEEN
from components.design.unit.names import ALERTMANAGER, CATCH_UP, NAMESPACE, OWN_SERVICE, PROMETHEUS

PAGED = "s2"
"""The severity from which on somebody is woken: the worst that a unit has, since users feel nothing of it."""

HEARTBEAT = "unit:heartbeat:seconds"
"""The unit's own time; how fresh the global side is, is the time there less this."""

BEHIND_SECONDS = 1800


class _Fault(NamedTuple):
    """Something that doesn't work, as an alert that isn't made yet."""

    name: str
    expr: str
    minutes: int
    severity: str
    summary: str
    first: str
    when: str


def own_monitoring(unit: ObservabilityUnit, owner: Team) -> Monitoring:
    """What is watched of a unit itself. Of Kubernetes only a unit that has somebody to tell it says anything;
    of a global stack only one that has one."""
    spec = unit.spec
    sees_state = spec.images.state is not None
    found = [_alive(), *_processes(), *_rules(), *_probes()]
    if sees_state:
        found += _schedules()
    if spec.global_ is not None:
        found += _behind()
        found += _catching_up() if sees_state else []
    watch = Watch(
        name="unit",
        sli=None,
        recordings=[RecordingRule(HEARTBEAT, "time()", {})],
        alerts=[alert for alert, _ in found],
        trials=[trial for _, trials in found for trial in trials],
        needs_all=False,
    )
    return Monitoring(
        name=f"unit-{unit.name}",
        origin=unit.origin(),
        namespace=NAMESPACE,
        labels={
            "team": spec.owner,
            "service": OWN_SERVICE,
            "environment": unit.name,
            "cell": unit.name,
        },
        team=spec.owner,
        channel=owner.spec.slack_channel,
        email=owner.spec.email,
        coverage=owner.spec.on_call.coverage,
        pager=None,
        unit=unit.name,
        runbook=None,
        dashboard=None,
        scrapes=[],
        probes=[],
        uptime=[],
        vendors=[],
        watches=[watch],
        verdicts={},
        inhibitions=[],
        gaps=[],
    )


Proven = tuple[Alert, list[Trial]]


def _alert(fault: _Fault) -> Alert:
    return Alert(
        name=fault.name,
        expr=fault.expr,
        for_minutes=fault.minutes,
        severity=fault.severity,
        pages=fault.severity == PAGED,
        labels={},
        summary=fault.summary,
        first=fault.first,
        when=fault.when,
    )


def _alive() -> Proven:
    found = _alert(
        _Fault(
            "Watchdog",
            "vector(1)",
            0,
            "none",
            "This unit is alive. Who stops hearing it calls.",
            "Nothing: this alert is there as long as all is well.",
            "always",
        )
    )
    return found, [trial(found, "it is always there", [InputSeries("up", "1x5")], [Check(1, fires=True)])]


def _up(job: str) -> str:
    return series("up", {"job": job})


def _gone(fault: _Fault, told: str, beside: Sequence[str] = ()) -> Proven:
    """On a gauge that is 1 while all is well, and 0 else, with others `beside` it that stay 1."""
    found = _alert(fault)
    others = [InputSeries(each, "1x200") for each in beside]
    trials = gauge_trials(found, told, 1, 0, usual=1)
    return found, [msgspec.structs.replace(each, series=[*each.series, *others]) for each in trials]


def _processes() -> list[Proven]:
    return [
        _gone(
            _Fault(
                name,
                f"(sum({_up(job)}) or vector(0)) < 2",
                10,
                severity,
                summary,
                f"kubectl --namespace {NAMESPACE} describe pods -l app.kubernetes.io/name={job}",
                "fewer than two answer for 10 minutes",
            ),
            series("up", {"job": job, "instance": "a"}),
            [series("up", {"job": job, "instance": "b"})],
        )
        for name, job, severity, summary in (
            (
                "UnitPrometheusDown",
                PROMETHEUS,
                "s3",
                "One of the two Prometheus is gone: the other one still pages.",
            ),
            (
                "UnitAlertmanagerDown",
                ALERTMANAGER,
                "s2",
                "Fewer than two Alertmanagers are left: the next one takes the pages with it.",
            ),
        )
    ]


def _rules() -> list[Proven]:
    read = _Fault(
        "UnitConfigIsRejected",
        "prometheus_config_last_reload_successful == 0",
        10,
        "s2",
        "What was collected can't be read: Prometheus goes on with the rules of before.",
        "Its log names the file, and the file's name the service's namespace.",
        "Prometheus rejects its files for 10 minutes",
    )
    return [
        _counts(
            _Fault(
                "UnitRulesFail",
                "increase(prometheus_rule_evaluation_failures_total[15m]) > 0",
                15,
                "s2",
                "Rules can't be evaluated: their alerts are blind.",
                "The page /rules of Prometheus shows which, and why.",
                "rules fail for 15 minutes",
            ),
            "prometheus_rule_evaluation_failures_total",
        ),
        _gone(read, "prometheus_config_last_reload_successful"),
        _counts(
            _Fault(
                "UnitNotificationsFail",
                "increase(alertmanager_notifications_failed_total[15m]) > 0",
                15,
                "s2",
                "A receiver doesn't take alerts.",
                "Alertmanager's log says which, and what it answers: a key that has ended, or a way out that"
                " is closed.",
                "a receiver refuses for 15 minutes",
            ),
            "alertmanager_notifications_failed_total",
        ),
    ]


def _counts(fault: _Fault, counter: str) -> Proven:
    """On the increase of a counter within 15 minutes that lasts longer than that."""
    found = _alert(fault)
    begins = 21
    fires = begins + fault.minutes
    return found, [
        trial(
            found,
            f"it fires {fault.minutes} minutes after the first, and ends a quarter of an hour after the last",
            [InputSeries(counter, "0x20 1+1x40 41x60")],
            [Check(fires - 1, fires=False), Check(fires, fires=True), Check(80, fires=False)],
        ),
        trial(
            found,
            "one is not enough",
            [InputSeries(counter, "0x20 1x60")],
            [Check(at, fires=False) for at in range(20, 50, 2)],
        ),
    ]


def _probes() -> list[Proven]:
    fault = _Fault(
        "UnitProbesFail",
        f"{_up('probes')} == 0",
        10,
        "s3",
        "What asks services from outside doesn't answer: nobody sees them from there.",
        f"kubectl --namespace {NAMESPACE} describe pods -l app.kubernetes.io/name=blackbox",
        "the prober doesn't answer for 10 minutes",
    )
    return [_gone(fault, _up("probes"))]


def _schedules() -> list[Proven]:
    fault = _Fault(
        "UnitSeesNoSchedules",
        f"absent({_up('state')} == 1)",
        10,
        "s3",
        "Nobody tells what Kubernetes does: a schedule that is missed alerts nobody.",
        f"kubectl --namespace {NAMESPACE} describe pods -l app.kubernetes.io/name=kube-state-metrics",
        "nobody tells for 10 minutes",
    )
    return [_gone(fault, _up("state"))]


def _behind() -> list[Proven]:
    newest = "prometheus_remote_storage_highest_timestamp_in_seconds"
    sent = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds"
    minutes, begins = 15, 20
    found = _alert(
        _Fault(
            "UnitGlobalIsBehind",
            f"{newest} - ignoring(remote_name, url) group_right {sent} > {BEHIND_SECONDS}",
            minutes,
            "s4",
            "The global stack hasn't got anything for half an hour. Alerts go on here.",
            "See whether it answers, and whether the token that it knows this unit by still holds.",
            "what was sent last is older than half an hour for 15 minutes",
        )
    )
    late = BEHIND_SECONDS // 60
    fires, since = begins + late + 1 + minutes, 60 * begins
    back = since + BEHIND_SECONDS
    queue = series(sent, {"remote_name": "a", "url": "https://a.example"})
    clock = InputSeries(newest, "0+60x200")
    return [
        (
            found,
            [
                trial(
                    found,
                    f"it fires {minutes} minutes after half an hour without an answer, and ends with it",
                    [clock, InputSeries(queue, f"0+60x{begins} {since}x59 {since + 3600}+60x60")],
                    [
                        Check(fires - 1, fires=False),
                        Check(fires, fires=True),
                        Check(begins + 65, fires=False),
                    ],
                ),
                trial(
                    found,
                    "half an hour is made up for",
                    [
                        clock,
                        InputSeries(queue, f"0+60x{begins} {since}x{late - 1} {back}+60x60"),
                    ],
                    [Check(at, fires=False) for at in range(begins, fires + 20, 5)],
                ),
            ],
        )
    ]


def _catching_up() -> list[Proven]:
    """A run that is missed, or fails at each try, shows in the time of the last one that succeeded:
    https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics/workload/cronjob-metrics.md."""
    job = {"namespace": NAMESPACE, "cronjob": CATCH_UP}
    told = series("kube_cronjob_status_last_successful_time", job)
    made = series("kube_cronjob_created", job)
    hours = 2 * HOURS_BETWEEN
    found = _alert(
        _Fault(
            "UnitCatchUpFails",
            f"time() - max({told} or {made}) > {3600 * hours}",
            0,
            "s4",
            f"What makes up for outages of the global stack hasn't succeeded for {hours} hours: what one left"
            " out there is still missing.",
            f"kubectl --namespace {NAMESPACE} logs -l app.kubernetes.io/name={CATCH_UP} --tail 50",
            f"it hasn't succeeded for {hours} hours",
        )
    )
    fires = [Check(60 * hours, fires=False), Check(60 * (hours + 1), fires=True)]
    return [
        (
            found,
            [
                trial(
                    found,
                    f"it fires {hours} hours after it succeeded last, and ends with the next time",
                    [InputSeries(told, f"0x{hours + 5} {3600 * (hours + 6)}x10")],
                    [*fires, Check(60 * (hours + 7), fires=False)],
                    step_minutes=60,
                    every_seconds=3600,
                ),
                trial(
                    found,
                    "it fires where it never succeeded",
                    [InputSeries(made, f"0x{hours + 5}")],
                    fires,
                    step_minutes=60,
                    every_seconds=3600,
                ),
            ],
        )
    ]
