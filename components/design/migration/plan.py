"""Plans a migration: every phase as a service of its own, designed, and what that costs and wins."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec

from catalog.kinds.service import Service, effective
from catalog.kinds.vendor import Vendor
from catalog.loader import Catalog
from catalog.migration.phases import DONE, TODAY, MigrationPhase
from catalog.migration.step import LEAD_DAYS, ByHand, MoveStep
from catalog.migration.under_way import MovingDocument
from catalog.problem import Problem
from components.design.migration.held import held
from components.design.migration.model import HandWork, MigrationPlan, PhasePlan, PhaseState
from components.design.migration.shape import shape
from components.design.migration.signals import PhaseSubject, signals
from components.design.model import Design
from components.design.monitoring.monitored import monitored
from components.design.service import designed

DIGITS = 16
"""Of a digest: enough to tell designs of a few years apart."""


class NoPlan(Exception):
    """A way that can't be planned: what is wrong with its files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


class Designed:
    """The phases of a way, each as an effective service and its design. Raises NoPlan for a way with a phase
    that is no usable service."""

    def __init__(self, catalog: Catalog, way: MovingDocument) -> None:
        if way.problems:
            raise NoPlan(way.problems)
        self.way = way
        self.services: dict[str, Service] = {}
        for phase in way.phases:
            found = effective(catalog, way.at_phase(phase.id), way.place)
            if isinstance(found, list):
                raise NoPlan(found)
            self.services[phase.id] = found
        self.designs: dict[str, Design] = {
            name: designed(catalog, service) for name, service in self.services.items()
        }


def plan(catalog: Catalog, way: MovingDocument) -> MigrationPlan:
    """The plan of a way. Raises NoPlan."""
    found = Designed(catalog, way)
    current = way.migration.data["spec"].get("phase", TODAY)
    last = found.designs[way.phases[-1].id].availability
    promised = found.designs[way.phases[0].id].availability
    place = _place_of(way.phases, current)
    planned: list[PhasePlan] = []
    back_to = TODAY
    for number, phase in enumerate(way.phases):
        if phase.step is not None and phase.step.no_return:
            back_to = phase.id
        before = found.designs[way.phases[max(number - 1, 0)].id]
        subject = _subject(catalog, found.services[phase.id], found.designs[phase.id])
        planned.append(_phase(phase, number, _state(number, place), subject, before, back_to))
    return MigrationPlan(
        service=way.name,
        environment=way.place,
        starts_from=way.migration.data["spec"]["from"],
        phase=current,
        window_days=last.window_days,
        promised=promised.promised,
        promised_minutes=promised.promised_minutes,
        phases=planned,
    )


def _subject(catalog: Catalog, service: Service, design: Design) -> PhaseSubject:
    """What is measured of a phase stands on what is watched of the service in it."""
    queues = [each.metrics.queue for each in service.spec.workloads if each.metrics is not None]
    called = dict.fromkeys(each.vendor for each in service.spec.dependencies if each.vendor is not None)
    vendors = {name: catalog.find(Vendor, name) for name in called}
    return PhaseSubject(
        design,
        monitored(catalog, service),
        [word for word in queues if word is not None],
        {name: found.spec.hosts for name, found in vendors.items() if found is not None},
    )


def _digest(before: Design, design: Design) -> str:
    encoded = msgspec.json.encode([before, design], order="deterministic")
    return sha256(encoded).hexdigest()[:DIGITS]


def _place_of(phases: Sequence[MigrationPhase], current: str) -> int:
    if current == DONE:
        return len(phases)
    return next(number for number, phase in enumerate(phases) if phase.id == current)


def _state(number: int, place: int) -> PhaseState:
    if number == place:
        return "now"
    if number < place:
        return "past"
    return "next" if number == place + 1 else "later"


def _phase(
    phase: MigrationPhase,
    number: int,
    state: PhaseState,
    subject: PhaseSubject,
    before: Design,
    back_to: str,
) -> PhasePlan:
    step, design = phase.step or BEGINNING, subject.design
    available = design.availability
    words = _words(step, design, before)
    return PhasePlan(
        id=phase.id,
        number=number,
        title=step.title,
        state=state,
        move=phase.move,
        semantics=step.semantics,
        needs=list(step.needs),
        noticed=step.noticed,
        minutes=step.minutes,
        budget_percent=round(100 * step.minutes / available.promised_minutes, 1)
        if available.promised_minutes
        else 0.0,
        verify=list(step.verify),
        signals=signals(step.measures, subject),
        returns=step.returns,
        design=_digest(before, design),
        by_hand=[_hand_work(each, words) for each in step.by_hand],
        rollback=step.rollback,
        rollback_minutes=step.rollback_minutes,
        rollback_to=back_to,
        soak_hours=step.soak_hours,
        no_return=step.no_return,
        change_class=step.change_class,
        lead_days=LEAD_DAYS[step.change_class],
        is_cut_over=step.is_cut_over,
        losing=sorted({*held(before)} - {*held(design)}),
        designed=available.designed,
        designed_minutes=available.designed_minutes,
        source=step.source,
        shape=shape(design),
        spec=phase.spec,
    )


BEGINNING = MoveStep(
    id=TODAY,
    rank=0,
    title="The service as it is today",
    semantics="nothing changes",
    change=lambda _: {},
    needs=(),
    noticed="",
    minutes=0,
    verify=(),
    rollback="",
    rollback_minutes=0,
    soak_hours=0,
    change_class="C4",
    source="",
)


def _words(step: MoveStep, design: Design, before: Design) -> Mapping[str, list[str]]:
    """What the holes of a step's commands stand for; a command is said once for each of several."""
    edge = design.edge or before.edge
    stores = {store.name: store.resource for each in (before, design) for store in each.stores}
    machines = [*before.machines, *design.machines]
    return {
        "service": [design.name],
        "environment": [design.environment],
        "project": [design.project],
        "region": [design.region],
        "host": [edge.host] if edge is not None else [],
        "record": [edge.record] if edge is not None else [],
        "store": [stores[step.about]] if step.about in stores else [],
        "database": [design.name.replace("-", "_")],
        "zone": [machine.zone for machine in machines][:1],
        "machine": list(dict.fromkeys(name for each in machines for name in each.instance_names)),
    }


def _hand_work(work: ByHand, words: Mapping[str, list[str]]) -> HandWork:
    single = {name: values[0] for name, values in words.items() if values}
    machines = [{**single, "machine": name} for name in words["machine"]] or [single]
    said = (_filled(command, each) for command in work.commands for each in machines)
    return HandWork(work.what, work.when, list(dict.fromkeys(said)))


def _filled(command: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        command = command.replace(f"{{{name}}}", value)
    return command
