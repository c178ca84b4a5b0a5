"""Vendors that a service calls: whether they answer who asks them from the environment.

The unit asks each host for no more than the head of its first page, without credentials, and verifies who
answers: any answer counts that is no fault of a server's own. That a vendor answers what is wrong, the
service alone can see."""

from collections.abc import Iterator

from components.design.model import DependencyDesign
from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.kinds import dependencies
from components.design.monitoring.model import Inhibition, Unmeasured, VendorProbe, Watch
from components.design.monitoring.promql import series
from components.design.monitoring.trials.threshold import gauge_trials

PART = dependencies.PART
"""Where it is shown: among all that the service depends on."""

ALERT_CLASS = "vendor-unreachable"
OUT_MINUTES = 5
"""Ten probes in a row."""

EXPLAINED = ("slo_violation", "silent")
"""What an outage of the vendor behind an event explains. What customers' banks refuse, and what was paid and
not delivered, it doesn't."""


def watched(ground: Ground) -> Found:
    """Each vendor that can be reached by a name."""
    for dependency in _vendors(ground):
        if ground.design.unit is None:
            where = ground.design.environment
            yield _gap(dependency, f"nothing of its own watches {where}", f"Describe `units/{where}.yaml`.")
        elif not _hosts(dependency):
            fix = f"Write one of its names into `hosts` of `vendors/{dependency.target}.yaml`."
            yield _gap(dependency, "nobody says a name at which it answers", fix)
        else:
            yield _watch(ground, dependency)
            yield from _hushed(ground, dependency)


def vendor_probes(ground: Ground) -> list[VendorProbe]:
    """What the unit asks: nothing where the environment has none."""
    if ground.design.unit is None:
        return []
    return [
        VendorProbe(
            name=f"{dependency.name}-{host}",
            origin=dependency.origin,
            host=host,
            labels={"team": ground.labels["team"], **_labels(ground, dependency)},
        )
        for dependency in _vendors(ground)
        for host in _hosts(dependency)
    ]


def _vendors(ground: Ground) -> list[DependencyDesign]:
    return [each for each in ground.design.dependencies if dependencies.is_vendor(ground, each)]


def _hosts(dependency: DependencyDesign) -> list[str]:
    """A name that stands for others leads nowhere itself."""
    return [host for host in dependency.hosts if not host.startswith("*.")]


def _labels(ground: Ground, dependency: DependencyDesign) -> dict[str, str]:
    """They say who calls and bear no `service`: whatever asks of a service by that, such as when its
    certificate ends, means its own host."""
    return {
        "caller": ground.labels["service"],
        "cell": ground.labels["cell"],
        "vendor": dependency.name,
    }


def _gap(dependency: DependencyDesign, why: str, fix: str) -> Unmeasured:
    what = f"outages of {dependency.target}"
    return Unmeasured(name=dependency.name, origin=dependency.origin, what=what, why=why, fix=fix)


def _watch(ground: Ground, dependency: DependencyDesign) -> Watch:
    told = series("probe_success", _labels(ground, dependency))
    hosts = ", ".join(_hosts(dependency))
    is_felt = dependency.need == "hard" or any(_explained(ground, dependency))
    found = alert(
        ground,
        dependency.name,
        ALERT_CLASS,
        f"max({told}) == 0",
        haste="now" if is_felt else "soon",
        for_minutes=OUT_MINUTES,
        summary=f"Vendor {dependency.target} doesn't answer who asks from {ground.design.environment}.",
        first="See its status page, then our own way out (egress, NAT, its list of addresses). Say it on our"
        " own status page; what it explains is not told of beside it.",
        when=f"{hosts} doesn't answer, or with a fault of its own, for {OUT_MINUTES} minutes",
        cause=True,
    )
    return Watch(
        name=f"{ground.design.name}-{dependency.name}-vendor",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=gauge_trials(found, told, 1, 0, usual=1),
        needs_all=False,
    )


def _explained(ground: Ground, dependency: DependencyDesign) -> Iterator[str]:
    return (event.name for event in ground.service.spec.events if event.dependency == dependency.name)


def _hushed(ground: Ground, dependency: DependencyDesign) -> Iterator[Inhibition]:
    """One page for one outage: the vendor's, and not that of what comes of it."""
    service = {"service": ground.labels["service"]}
    source = {**service, "subject": dependency.name, "alert_class": ALERT_CLASS}
    for event in _explained(ground, dependency):
        for fault in EXPLAINED:
            yield Inhibition(
                source=source,
                target={**service, "subject": event, "alert_class": fault},
                equal=["service", "cell"],
                why=f"While {dependency.target} doesn't answer, {event} failing adds nothing",
            )
    if dependency.need == "hard":
        yield Inhibition(
            source=source,
            target={**service, "alert_class": "slo_violation"},
            equal=["service", "cell"],
            why=f"While {dependency.target}, which this service can't do without, doesn't answer, its own"
            " burning budget adds nothing",
        )
