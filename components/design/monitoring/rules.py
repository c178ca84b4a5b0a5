"""The rules of a service, in the fields of Prometheus' rule files:
https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/."""

from catalog.document import Json
from components.design.monitoring.model import Alert, Monitoring, RecordingRule, Watch

INTERVAL = "1m"
"""At which groups are evaluated."""

PAGER = "pagerduty"
"""The label by which Alertmanager knows a page:
https://gitlab.com/gitlab-com/runbooks/-/blob/master/alertmanager/alertmanager.jsonnet."""


def group(monitoring: Monitoring, watch: Watch) -> Json:
    """One group of rules, first what its alerts read."""
    return {
        "name": watch.name,
        "interval": INTERVAL,
        "rules": [
            *(_recording(monitoring, each) for each in watch.recordings),
            *(_alert(monitoring, each) for each in watch.alerts),
        ],
    }


def _recording(monitoring: Monitoring, recording: RecordingRule) -> Json:
    labels = {**monitoring.labels, **recording.labels}
    return {"record": recording.record, "expr": recording.expr, "labels": labels}


def _alert(monitoring: Monitoring, alert: Alert) -> Json:
    page = {"pager": PAGER} if alert.pages else {}
    links = {"runbook_url": monitoring.runbook, "dashboard_url": monitoring.dashboard}
    return {
        "alert": alert.name,
        "expr": alert.expr,
        **({"for": f"{alert.for_minutes}m"} if alert.for_minutes else {}),
        "labels": {**monitoring.labels, **alert.labels, "severity": alert.severity, **page},
        "annotations": {
            "summary": alert.summary,
            "description": f"Fires: {alert.when}.",
            "first_step": alert.first,
            **{name: link for name, link in links.items() if link is not None},
        },
    }
