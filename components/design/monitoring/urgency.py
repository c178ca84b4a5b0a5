"""Decides how severe an alert is, and whether it wakes somebody."""

from dataclasses import dataclass
from typing import Literal

from catalog.kinds.service import Service

PAGED = ("s1", "s2")
"""Severities that page: https://gitlab.com/gitlab-com/runbooks, `libsonnet/slo-alerts`."""

Haste = Literal["now", "today", "soon"]

SEVERITY: dict[str, dict[Haste, str]] = {
    "critical": {"now": "s1", "today": "s2", "soon": "s3"},
    "standard": {"now": "s2", "today": "s3", "soon": "s4"},
    "internal": {"now": "s3", "today": "s4", "soon": "s4"},
}
"""By the service's tier, and by how soon somebody has to act."""


@dataclass(frozen=True)
class Urgency:
    """Of a service's alerts. `answers`: somebody there answers a page."""

    tier: str
    answers: bool

    def severity(self, haste: Haste) -> str:
        """s1 is the worst."""
        return SEVERITY[self.tier][haste]

    def pages(self, severity: str) -> bool:
        """Whether an alert of that severity wakes somebody; else it waits in the team's channel."""
        return self.answers and severity in PAGED


def urgency(service: Service) -> Urgency:
    """Only production pages, and only teams of which somebody is on call outside of office hours too."""
    is_production = service.environment.spec.purpose == "production"
    answers = is_production and service.spec.on_call.coverage in {"24x7", "24x5"}
    return Urgency(service.spec.tier, answers)
