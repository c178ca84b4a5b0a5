"""How a unit's Alertmanagers are configured: who is told what, and what keeps still meanwhile.

https://prometheus.io/docs/alerting/latest/configuration/"""

from collections.abc import Sequence
from typing import Any

from catalog.kinds.observability_unit import Receiver, Watchdog
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


def configuration(receivers: Sequence[Receiver], watchdog: Watchdog) -> Any:
    """What the Alertmanagers are told. A page goes to the receivers that page, all else to the others; where
    there are no others, to all."""
    pages = [each for each in receivers if each.pages]
    rest = [each for each in receivers if not each.pages] or list(receivers)
    return {
        "route": {
            "receiver": "tickets",
            "group_by": ["environment", "service", "instance", "alertname"],
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
                {"matchers": ['pager="yes"'], "receiver": "pages", "repeat_interval": "2h"},
            ],
        },
        "receivers": [
            _told("tickets", rest),
            _told("pages", pages or list(receivers)),
            {"name": WATCHDOG, "webhook_configs": [{"url": watchdog.url, "send_resolved": False}]},
        ],
        "inhibit_rules": [
            # Of two alerts on the same thing, the urgent one is enough.
            {
                "source_matchers": ['pager="yes"'],
                "target_matchers": ['pager="no"'],
                "equal": ["environment", "service", "instance", "sli", "subject"],
            }
        ],
    }


def _told(name: str, receivers: Sequence[Receiver]) -> Any:
    told: dict[str, Any] = {"name": name}
    for each in receivers:
        key, config = _configured(each)
        told.setdefault(key, []).append(config)
    return told


def _configured(receiver: Receiver) -> tuple[str, Any]:
    file = f"{HELD}/{receiver.name}"
    match receiver.kind:
        case "pagerduty":
            return "pagerduty_configs", {"routing_key_file": file}
        case "slack":
            return "slack_configs", {"api_url_file": file, "channel": "", "send_resolved": True}
        case _:
            return "webhook_configs", {"url": receiver.url}
