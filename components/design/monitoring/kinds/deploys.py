"""Deploys: what is recorded while a new version goes out, to judge it by."""

from components.design.monitoring.deploys.queries import minutes, rules
from components.design.monitoring.deploys.signals import signals
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.kinds import events, jobs, journeys
from components.design.monitoring.model import Watch

PART = (7, "Deploys")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Verdicts on what the other kinds promise, where they promise anything."""
    promised = [each for kind in (journeys, events, jobs) for each in kind.watched(ground)]
    found = signals(ground.service, [each for each in promised if isinstance(each, Watch)])
    if not found:
        return
    rollout = ground.service.spec.rollout
    most = minutes(rollout.steps, rollout.soak_minutes)
    yield Watch(
        name=f"{ground.design.name}-deploys",
        sli=None,
        recordings=rules(ground.labels, ground.design.name, found, most),
        alerts=[],
        trials=[],
        needs_all=True,
    )
