"""What a new version is judged by, of all that is measured of a service.

The four golden signals (https://sre.google/sre-book/monitoring-distributed-systems/): errors and latency are
ratios of bad events, and can fail it; traffic and saturation of a copy can only make somebody look, since
more of them may be what the version is for.

What the pods themselves tell is told apart by their label VERSION: the new version against the old one, at
the same time. A load balancer counts all versions together: what it says after the beginning is compared with
what it said before, and a small share of traffic hides most of a fault there."""

from collections.abc import Iterable
from typing import Literal

from catalog.kinds.service import Service
from components.design.alerts import WINDOWS
from components.design.element import Element
from components.design.monitoring.deploys.requests import told_by_copies
from components.design.monitoring.model import Sli, Watch

Golden = Literal["errors", "latency", "traffic", "saturation"]

VERSION = "version"
"""The label that tells copies of one version from another's, as in POD_LABELS."""

WORKLOAD = "workload"
"""The label that says whose copies they are."""

DIRE = WINDOWS["1h"].factor
"""How many times faster than allowed a budget goes when somebody has to be woken."""

ODD_CHANGE = 0.5
"""From which change of a copy's traffic or needs somebody has to look: half as much again, or half of it."""

OF_PODS: dict[str, Golden] = {
    "answers": "errors",
    "execution": "errors",
    "pace": "latency",
    "queueing": "latency",
    "success": "errors",
}
OF_LOAD_BALANCER: dict[str, Golden] = {"availability": "errors", "latency": "latency"}
"""Which of the golden signals each kind of promise is about, by who counts it. What is seen from outside is
seen too seldom to judge a deploy by."""


class Signal(Element, frozen=True):
    """A ratio of bad events to compare. `slis` are the promises that it counts together; `workload` the one
    whose requests a load balancer counts, None where versions are told apart. `large` and `dire` are
    additional shares of bad events. `decides`: a deploy passes only when such a one does."""

    golden: Golden
    title: str
    slis: list[Sli]
    workload: str | None
    large: float
    dire: float
    decides: bool

    @property
    def is_versioned(self) -> bool:
        """Whether it compares versions at the same time, or else before and after."""
        return self.workload is None


def signals(service: Service, watches: Iterable[Watch]) -> list[Signal]:
    """The signals among what is watched and what copies tell beside, sorted by name. Of a
    load balancer's, one of errors and one of latency for each workload that it sends requests to."""
    promises = [(watch, watch.sli) for watch in watches if watch.sli is not None]
    told = [*(sli for _, sli in promises if sli.kind in OF_PODS), *told_by_copies(service)]
    own = [_own(sli) for sli in told]
    answering = {endpoint.name: endpoint.workload for endpoint in service.spec.endpoints}
    seen: dict[tuple[str, Golden], list[Sli]] = {}
    for watch, sli in promises:
        if watch.needs_all and sli.kind in OF_LOAD_BALANCER and sli.subject in answering:
            seen.setdefault((answering[sli.subject], OF_LOAD_BALANCER[sli.kind]), []).append(sli)
    share = min(service.spec.rollout.steps) / 100
    before = [_before(workload, kind, slis, share) for (workload, kind), slis in seen.items()]
    return sorted([*own, *before], key=lambda signal: signal.name)


def _budget(sli: Sli) -> float:
    """The share of bad events that a promise allows; of one that allows none, a millionth."""
    return float(max(1e-6, round((100 - sli.objective) / 100, 12)))


def _own(sli: Sli) -> Signal:
    budget = _budget(sli)
    return Signal(
        name=sli.name,
        origin=sli.origin,
        golden=OF_PODS[sli.kind],
        title=sli.title,
        slis=[sli],
        workload=None,
        large=budget,
        dire=min(0.5, DIRE * budget),
        decides=OF_PODS[sli.kind] == "errors",
    )


def _before(workload: str, kind: Golden, slis: list[Sli], share: float) -> Signal:
    """All requests of a workload together. Only its first share of traffic meets the new version, and that
    much less of a fault is seen."""
    budget = min(map(_budget, slis))
    return Signal(
        name=f"{workload}-{kind}",
        origin=slis[0].origin,
        golden=kind,
        title=f"{workload}: {kind}, all versions together",
        slis=slis,
        workload=workload,
        large=budget * share,
        dire=min(0.5, DIRE * budget) * share,
        decides=kind == "errors",
    )
