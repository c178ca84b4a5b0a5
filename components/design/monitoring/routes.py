"""Where a service's alerts go, in the fields of Alertmanager's configuration:
https://prometheus.io/docs/alerting/latest/configuration/."""

from catalog.document import Json
from components.design.monitoring.model import Monitoring
from components.design.monitoring.promql import quoted
from components.design.monitoring.rules import PAGER

WEEKDAYS = "weekdays"
"""The hours in which somebody answers where that is not at any."""


def inhibitions(monitoring: Monitoring) -> list[Json]:
    """The rules by which alerts are quiet while others say the same."""
    return [
        {
            "source_matchers": _matchers(each.source),
            "target_matchers": _matchers(each.target),
            "equal": each.equal,
        }
        for each in monitoring.inhibitions
    ]


def route(monitoring: Monitoring) -> Json:
    """All alerts of the service to the team's channel, and pages to its pager too, while somebody answers."""
    pages = {
        "receiver": f"{monitoring.team}-pager",
        "matchers": _matchers({"pager": PAGER}),
        "group_by": ["service", "cell"],
        "repeat_interval": "2h",
        "continue": True,
        **({"active_time_intervals": [WEEKDAYS]} if monitoring.coverage == "24x5" else {}),
    }
    channel = {"receiver": f"{monitoring.team}-channel"}
    return {
        "receiver": f"{monitoring.team}-channel",
        "matchers": _matchers({"service": monitoring.labels["service"], "cell": monitoring.labels["cell"]}),
        "group_by": ["alertname", "service", "cell", "sli"],
        "repeat_interval": "8h",
        "routes": [*([pages] if monitoring.pager is not None else []), channel],
    }


def _matchers(labels: dict[str, str]) -> list[str]:
    return [f"{name}={quoted(value)}" for name, value in labels.items()]


def configuration(monitoring: Monitoring) -> Json:
    """A whole configuration for one service, whose receivers still want their addresses: secrets stand in
    none of our files, so they are read from files that the receiver's own machine has."""
    receivers: list[Json] = [
        {
            "name": f"{monitoring.team}-channel",
            "slack_configs": [
                {
                    "api_url_file": "/etc/alertmanager/secrets/slack-url",
                    "channel": f"#{monitoring.channel}",
                    "send_resolved": True,
                    "title": "{{ .CommonAnnotations.summary }}",
                    "text": "{{ .CommonAnnotations.description }} First: {{ .CommonAnnotations.first_step }}",
                }
            ],
        }
    ]
    if monitoring.pager is not None:
        receivers.append(
            {
                "name": f"{monitoring.team}-pager",
                "pagerduty_configs": [
                    {"routing_key_file": "/etc/alertmanager/secrets/pagerduty-key", "send_resolved": True}
                ],
            }
        )
    return {
        "route": {"receiver": f"{monitoring.team}-channel", "routes": [route(monitoring)]},
        "receivers": receivers,
        "inhibit_rules": inhibitions(monitoring),
        "time_intervals": [{"name": WEEKDAYS, "time_intervals": [{"weekdays": ["monday:friday"]}]}],
    }
