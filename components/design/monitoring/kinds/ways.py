"""Ways of users through several endpoints, as they see them: open while each of their steps answers.

Each step is asked, and told of, by itself; what is recorded here is how often the whole way was open."""

from components.design.edge_model import JourneyDesign
from components.design.monitoring import burn
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.kinds import outside
from components.design.monitoring.model import Unmeasured, Watch
from components.design.monitoring.promql import WINDOW, series
from components.design.scraping import INTERVAL_SECONDS

PART = outside.PART
"""Where it is shown: beside its steps."""


def watched(ground: Ground) -> Found:
    """Each way whose steps the unit asks."""
    if ground.design.unit is None or not (asked := {each.name for each in outside.probes(ground)}):
        return  # the steps' own say why nobody asks them
    for journey in ground.design.journeys:
        missing = [step for step in journey.steps if step not in asked]
        if missing:
            yield Unmeasured(
                name=journey.name,
                origin=journey.origin,
                what=f"the whole way {journey.name} from outside",
                why=f"nobody knows a path of {', '.join(missing)} that is safe to ask",
                fix="Write `probe` on each endpoint that it leads through: a path that GET doesn't change.",
            )
        else:
            yield _watch(ground, journey)


def _watch(ground: Ground, journey: JourneyDesign) -> Watch:
    own = {name: ground.labels[name] for name in ("service", "cell")}
    told = series("probe_success", own, subject="|".join(journey.steps))
    # Where a step isn't told of, nobody knows whether the way was open.
    is_whole = f"count(count by (subject) ({told})) == {len(journey.steps)}"
    is_open = f"avg_over_time((min({told}) and {is_whole})[{WINDOW}:{INTERVAL_SECONDS}s])"
    sli = outside.reachability(
        journey,
        is_open,
        title=f"{journey.title}: times at which all of {', '.join(journey.steps)} answer",
        good=f"of the times at which {', '.join(journey.steps)} are asked from outside, all answer with 2xx",
        objective=journey.availability,
    )
    return Watch(
        name=f"{ground.design.name}-{journey.name}-outside",
        sli=sli,
        recordings=burn.recordings(sli, ground),
        alerts=[],
        trials=[],
        needs_all=False,
    )
