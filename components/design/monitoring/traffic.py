"""Alerts on events that no longer come: a service without any has no errors either.

https://gitlab.com/gitlab-com/runbooks/-/blob/master/docs/metrics-catalog/traffic-cessation-alerts.md."""

from components.design.monitoring.burn import recorded
from components.design.monitoring.ground import Ground
from components.design.monitoring.identity import alert_name
from components.design.monitoring.model import Alert, Sli

USUAL_RATE = 1 / 6
"""Events a second an hour ago without which nobody wonders that there are none now: 300 in half an hour."""

CEASED_MINUTES = 5
ABSENT_MINUTES = 30


def traffic_alerts(sli: Sli, ground: Ground) -> list[Alert]:
    """That all events stopped, and that nobody counts any more."""
    now = recorded(sli, ground, "sli:events:rate30m")
    usual = f"{now} offset 1h >= {USUAL_RATE:.5f}"
    severity = ground.urgency.severity("today")
    told = {"subject": sli.subject, "sli": sli.name, "alert_type": "cause"}
    return [
        Alert(
            name=alert_name(ground.design.name, sli.name, "ceased"),
            expr=f"{now} == 0\nand {usual}",
            for_minutes=CEASED_MINUTES,
            severity=severity,
            pages=ground.urgency.pages(severity),
            labels={**told, "alert_class": "traffic_cessation"},
            summary=f"{sli.title}: nothing has come for half an hour, and an hour ago there was traffic.",
            first="Try it yourself from outside. Look at DNS, certificates and the proxy in front before the"
            " service itself.",
            when=f"nothing for 30 minutes where 300 came an hour ago, for {CEASED_MINUTES} minutes",
        ),
        Alert(
            name=alert_name(ground.design.name, sli.name, "absent"),
            expr=f"max_over_time({now}[1h] offset 1h) >= {USUAL_RATE:.5f}\nunless {now}",
            for_minutes=ABSENT_MINUTES,
            severity=(absent := ground.urgency.severity("soon")),
            pages=ground.urgency.pages(absent),
            labels={**told, "alert_class": "traffic_absent"},
            summary=f"{sli.title}: what counts it is gone.",
            first="Find out who stopped counting: the exporter, the scrape, or a metric that was renamed."
            " Until then no other alert here means anything.",
            when=f"what counted 300 in half an hour is missing for {ABSENT_MINUTES} minutes",
        ),
    ]
