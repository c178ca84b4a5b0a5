"""All that belongs to an SLI: what is recorded, its alerts, and their trials."""

from collections.abc import Sequence

from components.design.monitoring import burn, traffic
from components.design.monitoring.ground import Ground
from components.design.monitoring.model import Sli, Watch
from components.design.monitoring.trial import Counter
from components.design.monitoring.trials.burning import burn_trials
from components.design.monitoring.trials.ceasing import traffic_trials


def watch(
    sli: Sli, counters: Sequence[Counter], ground: Ground, *, needs_all: bool, alerts: bool = True
) -> Watch:
    """The group of an SLI. Only one that counts all events of its subject tells when they stop: the latency
    of requests that don't come is the same story. Without `alerts` it is only recorded."""
    burning = burn.alerts(sli, ground) if alerts else []
    ceasing = traffic.traffic_alerts(sli, ground) if sli.kind == "availability" else []
    return Watch(
        name=f"{ground.design.name}-{sli.name}",
        sli=sli,
        recordings=burn.recordings(sli, ground),
        alerts=[*burning, *ceasing],
        trials=[*burn_trials(sli, burning, counters), *traffic_trials(ceasing, counters)],
        needs_all=needs_all,
    )
