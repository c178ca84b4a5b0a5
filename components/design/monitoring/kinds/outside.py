"""Journeys as users see them: whether each answers who asks it from outside of the service.

The unit asks by its blackbox exporter (https://github.com/prometheus/blackbox_exporter), through the
internet's way in, so names, certificates, the load balancer and the firewall are asked too, which the
server's own count of requests can't see fail."""

from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
)
from components.design.element import Element
from components.design.monitoring import burn
from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.model import Inhibition, Probe, Sli, Unmeasured, Watch
from components.design.monitoring.promql import WINDOW, series
from components.design.monitoring.trials.threshold import gauge_trials
from components.design.monitoring.uptime import asked
from components.design.scraping import INTERVAL_SECONDS

FAILS_MINUTES = 5
"""Ten probes in a row: a rollout that takes longer than that is felt, too."""

FLOOR = 20
"""Probes in a long window on which a budget may judge."""

PART = (1, "Journeys from outside")
"""Where it is shown, and under which heading."""

ALERT_CLASS = "unreachable"
OUTSIDE = "what journeys are like from outside"


def watched(ground: Ground) -> Found:
    """Each endpoint that somebody may ask safely from outside."""
    edge, unit = ground.design.edge, ground.design.unit
    if edge is None:  # the journeys' own say why nobody sees them
        return
    if edge.exposure != "public":
        why = "only employees get through the identity-aware proxy, and who asks from outside is none"
        yield _gap(ground, OUTSIDE, why, "What the load balancer counts has to do.")
        return
    if ground.email is None and asked(ground.design, probes(ground)):
        why = f"{ground.design.owner} has no address that Google can write to"
        fix = f"Write `email` into `teams/{ground.design.owner}.yaml`."
        yield _gap(ground, "that other continents get no answer", why, fix)
    if unit is None:
        why = f"nothing of its own watches {ground.design.environment}"
        fix = f"Describe it in `units/{ground.design.environment}.yaml` of the catalog."
        yield _gap(ground, OUTSIDE, why, fix)
        return
    if all(workload.runtime != "kubernetes" for workload in ground.design.workloads):
        why = "nothing of it is in the cluster, where the unit collects what it is to ask"
        yield _gap(ground, OUTSIDE, why, "Move a workload to Kubernetes (`runtime: kubernetes`).")
        return
    for endpoint in ground.design.endpoints:
        if endpoint.probe is None:
            yield Unmeasured(
                name=endpoint.name,
                origin=endpoint.origin,
                what=f"journey {endpoint.name} from outside",
                why="nobody knows a path of it that is safe to ask",
                fix=f"Write `probe` on endpoint {endpoint.name}: a path that GET doesn't change.",
            )
        else:
            yield _watch(ground, edge, endpoint, endpoint.probe)
            yield _hushed(ground, endpoint)


def probes(ground: Ground) -> list[Probe]:
    """What the unit asks, and Google's uptime checks."""
    edge = ground.design.edge
    if edge is None or edge.exposure != "public":
        return []
    return [
        _probe(ground, edge, each, each.probe) for each in ground.design.endpoints if each.probe is not None
    ]


def _probe(ground: Ground, edge: EdgeDesign, endpoint: EndpointDesign, path: str) -> Probe:
    return Probe(
        name=endpoint.name,
        origin=endpoint.origin,
        resource=endpoint.resource,
        title=endpoint.title,
        host=edge.host,
        path=path,
        labels=_labels(ground, endpoint),
    )


def _labels(ground: Ground, endpoint: EndpointDesign) -> dict[str, str]:
    return {**{name: ground.labels[name] for name in ("team", "service", "cell")}, "subject": endpoint.name}


def _gap(ground: Ground, what: str, why: str, fix: str) -> Unmeasured:
    edge = ground.design.edge
    assert edge is not None
    return Unmeasured(name="outside", origin=edge.origin, what=what, why=why, fix=fix)


def _selected(ground: Ground, endpoint: EndpointDesign) -> str:
    own = {name: value for name, value in _labels(ground, endpoint).items() if name != "team"}
    return series("probe_success", own)


def reachability(subject: Element, answered: str, *, title: str, good: str, objective: float) -> Sli:
    """How often who asks for a subject from outside gets an answer: `answered` is the share of a window's
    probes, 0 to 1, of which each counts once."""
    return Sli(
        name=f"{subject.name}-outside",
        origin=subject.origin,
        kind="reachability",
        subject=subject.name,
        title=title,
        good=good,
        source="the unit",
        metrics=["probe_success"],
        events=f"(count({answered}) / {INTERVAL_SECONDS})",
        bad=f"(sum(1 - {answered}) / {INTERVAL_SECONDS})",
        objective=objective,
        floor=FLOOR,
    )


def _watch(ground: Ground, edge: EdgeDesign, endpoint: EndpointDesign, path: str) -> Watch:
    told = _selected(ground, endpoint)
    answered = f"avg_over_time({told}[{WINDOW}])"
    sli = reachability(
        endpoint,
        answered,
        title=f"{endpoint.title}: probes from outside that are answered",
        good=f"of the probes of https://{edge.host}{path} are answered with 2xx",
        objective=endpoint.slo.availability,
    )
    found = alert(
        ground,
        endpoint.name,
        ALERT_CLASS,
        f"max({told}) == 0",
        haste="now",
        for_minutes=FAILS_MINUTES,
        summary=f"{endpoint.title}: nobody outside gets an answer.",
        first=f"Ask it yourself: curl -i https://{edge.host}{path}. Then look at DNS, the certificate and the"
        " load balancer before the service itself.",
        when=f"no probe is answered for {FAILS_MINUTES} minutes",
    )
    return Watch(
        name=f"{ground.design.name}-{endpoint.name}-outside",
        sli=sli,
        recordings=burn.recordings(sli, ground),
        alerts=[found],
        trials=gauge_trials(found, told, 1, 0, usual=1),
        needs_all=False,
    )


def _hushed(ground: Ground, endpoint: EndpointDesign) -> Inhibition:
    """One page for one outage, though the load balancer counts it, too."""
    own = {"service": ground.labels["service"], "subject": endpoint.name}
    return Inhibition(
        source={**own, "alert_class": ALERT_CLASS},
        target={**own, "alert_class": "slo_violation"},
        equal=["service", "cell", "subject"],
        why=f"While nobody outside gets an answer of {endpoint.name}, its burning budget adds nothing",
    )
