"""A service and its design in, all that is watched of it out."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import msgspec

from catalog.kinds.service import Service
from catalog.kinds.team import Team
from catalog.neighbourhood import Neighbourhood
from components.design.model import Design
from components.design.monitoring import kinds
from components.design.monitoring.deploys.queries import VERSION_ARGUMENT, verdict_query
from components.design.monitoring.dialects import MANAGED, Dialect
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.identity import identity
from components.design.monitoring.kinds.outside import probes
from components.design.monitoring.kinds.vendors import vendor_probes
from components.design.monitoring.model import Inhibition, Monitoring, Unmeasured, Watch
from components.design.monitoring.uptime import asked
from components.design.monitoring.urgency import urgency


def monitoring(
    service: Service, design: Design, around: Neighbourhood, dialect: Dialect = MANAGED
) -> Monitoring:
    """Decides what is measured of a service at its place, and who is told. Cloud Monitoring's metrics are
    called as in the `dialect`. The same arguments always give the same."""
    labels = identity(design, service.name, service.place)
    team = around.find(Team, design.owner).spec
    ground = Ground(service, design, dialect, labels, urgency(service), team.email)
    found = [each for kind in _kinds() for each in _found(kind, ground)]
    links = {link.kind: link.url for link in reversed(service.metadata.links)}
    return Monitoring(
        name=design.name,
        origin=design.origin,
        namespace=design.name,
        labels=labels,
        team=design.owner,
        channel=team.slack_channel,
        coverage=service.spec.on_call.coverage,
        email=team.email,
        pager=(team.on_call.schedule or design.owner) if ground.urgency.answers else None,
        unit=None if design.unit is None else design.unit.name,
        runbook=links.get("runbook") or links.get("sre-guide"),
        dashboard=links.get("dashboard"),
        scrapes=[each.scrape for each in design.workloads if each.scrape is not None],
        probes=probes(ground),
        uptime=asked(design, probes(ground)),
        vendors=vendor_probes(ground),
        watches=[each for each in found if isinstance(each, Watch)],
        verdicts={
            each.name: verdict_query(labels, each.name, VERSION_ARGUMENT)
            for each in design.workloads
            if each.rollout is not None and each.rollout.analysis is not None
        },
        inhibitions=[each for each in found if isinstance(each, Inhibition)],
        gaps=[each for each in found if isinstance(each, Unmeasured)],
    )


def _found(kind: ModuleType, ground: Ground) -> Found:
    """What one kind watches, under its heading."""
    for each in kind.watched(ground):
        yield msgspec.structs.replace(each, part=kind.PART[1]) if isinstance(each, Watch) else each


def _kinds() -> list[ModuleType]:
    """The modules of all kinds of watch, in the order in which they are shown."""
    names = (f"{kinds.__name__}.{module.name}" for module in iter_modules(kinds.__path__))
    return sorted(map(import_module, names), key=lambda module: module.PART)
