"""How a unit's Alertmanagers are configured: who is told what, and what keeps still meanwhile.

https://prometheus.io/docs/alerting/latest/configuration/"""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.kinds.observability_unit import Receiver, Watchdog
from catalog.kinds.team import Team
from components.design.monitoring.model import Monitoring
from components.design.monitoring.routes import WEEKDAYS, inhibitions, route
from components.design.monitoring.rules import PAGER
from components.design.unit.names import ALERTMANAGER, address

COPIES = 3
"""Two may be lost. They tell each other what they have told: at-least-once becomes once."""

CONFIG = "/etc/alertmanager/unit"
HELD = "/etc/alertmanager/secret"
WATCHDOG = "watchdog"


def arguments() -> list[str]:
    """How an Alertmanager is started; its peers are found by their service's name."""
    return [
        f"--config.file={CONFIG}/alertmanager.yaml",
        "--storage.path=/data",
        "--cluster.listen-address=0.0.0.0:9094",
        *(f"--cluster.peer={ALERTMANAGER}-{n}.{address(ALERTMANAGER)}:9094" for n in range(COPIES)),
    ]


def configuration(
    receivers: Sequence[Receiver],
    watchdog: Watchdog,
    owner: Team,
    watched: Sequence[Monitoring],
    held: str = HELD,
) -> Any:
    """What the Alertmanagers are told: of the `watched` services each its own way, of the unit itself its
    owner. What one service's alerts make superfluous among another's keeps still. Its
    secrets are files of the folder `held`."""
    teams = {each.team: each.channel for each in watched} | {owner.name: owner.spec.slack_channel}
    return {
        "route": {
            "receiver": f"{owner.name}-channel",
            "group_by": ["alertname", "environment", "service"],
            "group_wait": "10s",
            "group_interval": "5m",
            "repeat_interval": "8h",
            "routes": [
                {
                    "matchers": ['alertname="Watchdog"'],
                    "receiver": WATCHDOG,
                    "group_wait": "0s",
                    "group_interval": "1m",
                    "repeat_interval": "50s",
                },
                *(route(each) for each in watched),
                {
                    "matchers": [f'pager="{PAGER}"'],
                    "receiver": f"{owner.name}-pager",
                    "repeat_interval": "2h",
                },
            ],
        },
        "receivers": [
            *(each for team in sorted(teams) for each in _team(team, teams[team], receivers, held)),
            {"name": WATCHDOG, "webhook_configs": [{"url": watchdog.url, "send_resolved": False}]},
        ],
        "inhibit_rules": [each for one in watched for each in inhibitions(one)],
        "time_intervals": [{"name": WEEKDAYS, "time_intervals": [{"weekdays": ["monday:friday"]}]}],
    }


def _team(team: str, channel: str, receivers: Sequence[Receiver], held: str) -> Iterator[Any]:
    """How a team is told, and how it is woken. Where nobody is woken, or nobody is just told, the others
    are."""
    pages = [each for each in receivers if each.pages]
    rest = [each for each in receivers if not each.pages]
    for name, chosen in (("channel", rest or pages), ("pager", pages or rest)):
        told: dict[str, Any] = {"name": f"{team}-{name}"}
        for each in chosen:
            key, config = _configured(each, team, channel, held)
            told.setdefault(key, []).append(config)
        yield told


def _configured(receiver: Receiver, team: str, channel: str, held: str) -> tuple[str, Any]:
    """Secrets stand in none of our files: they are keys of the Secret `receivers`. A team has its own key of
    a pager, and all have the same way into their channels."""
    match receiver.kind:
        case "pagerduty":
            return "pagerduty_configs", {"routing_key_file": f"{held}/{receiver.name}-{team}"}
        case "slack":
            file = f"{held}/{receiver.name}"
            return "slack_configs", {"api_url_file": file, "channel": f"#{channel}", "send_resolved": True}
        case _:
            return "webhook_configs", {"url": receiver.url}
