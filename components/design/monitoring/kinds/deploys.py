"""Deploys: what is recorded while a new version goes out, to judge it by."""

from components.design.monitoring.deploys.queries import clear, rules
from components.design.monitoring.deploys.signals import Signal, signals
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.kinds import events, jobs, journeys
from components.design.monitoring.model import Watch
from components.design.rollout.looking import most_minutes

PART = (7, "Deploys")
"""Where it is shown, and under which heading."""

BEFORE_AND_AFTER = "before-and-after"
APART = {"compared": BEFORE_AND_AFTER}
"""On what Google's evaluator records beside a unit."""


def watched(ground: Ground) -> Found:
    """Verdicts on what the other kinds promise, and on what copies count beside, where there is anything.

    Of what pods tell, the unit records them, where rollouts read them; what only a load balancer counts,
    Google's evaluator has to record. Where there is no unit, it records all."""
    promised = [each for kind in (journeys, events, jobs) for each in kind.watched(ground)]
    found = signals(ground.service, [each for each in promised if isinstance(each, Watch)])
    rollout = ground.service.spec.rollout
    most = most_minutes(len(rollout.steps), rollout.soak_minutes)
    clear_z = clear(found, most)

    def recorded(name: str, some: list[Signal], *, needs_all: bool, apart: dict[str, str]) -> Found:
        if some:
            yield Watch(
                name=f"{ground.design.name}-{name}",
                sli=None,
                recordings=rules(ground.labels, ground.design.name, some, most, clear_z, apart),
                alerts=[],
                trials=[],
                needs_all=needs_all,
            )

    if ground.design.unit is None:
        yield from recorded("deploys", found, needs_all=True, apart={})
        return
    of_pods = [each for each in found if each.is_versioned]
    yield from recorded("deploys", of_pods, needs_all=False, apart={})
    others = [each for each in found if not each.is_versioned]
    yield from recorded(f"deploys-{BEFORE_AND_AFTER}", others, needs_all=True, apart=APART)
