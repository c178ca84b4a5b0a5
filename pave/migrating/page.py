"""A migration as one page that needs nothing but itself: no script, no font, no server."""

from typing import NamedTuple

from catalog.filling import Templates
from components.design.migration.model import Box, MigrationPlan, PhasePlan
from pave.migrating.report import MigrationReport, time_of
from pave.plain import told

WIDTH, HEIGHT, LEFT, TOP = 960, 220, 64, 16
"""The chart, in pixels, and the room for its axes."""

BOX, BOX_HEIGHT, GAP = 180, 46, 12
"""A box of a picture, and the room between two, in pixels."""


class Point(NamedTuple):
    """A phase in the chart: where its step begins and ends, and its text."""

    left: float
    right: float
    top: float
    title: str
    state: str


class Chart(NamedTuple):
    """Availability by phase as steps: a `path`, the points, and the height of what is promised; `ticks` are
    heights with their labels."""

    path: str
    points: list[Point]
    promised: float
    ticks: list[tuple[float, str]]


class Drawn(NamedTuple):
    """A box of a picture at its place."""

    left: float
    top: float
    box: Box


class Picture(NamedTuple):
    """A phase's design as boxes, and the size that they take."""

    phase: PhasePlan
    boxes: list[Drawn]
    width: int
    height: int


def page(report: MigrationReport) -> str:
    """The report as HTML."""
    report = told(report)
    plan = report.plan
    return _TEMPLATES.fill(
        "page.html",
        report=report,
        plan=plan,
        chart=chart(plan),
        pictures=[picture(each) for each in _telling(plan)],
        minutes=sum(each.minutes for each in plan.phases),
        days=sum(each.soak_hours for each in plan.phases) / 24,
        longest=max((each.soak_hours for each in plan.phases), default=0) or 1,
    )


def chart(plan: MigrationPlan) -> Chart:
    """The availability that each phase's design can give. The axis counts minutes down, upwards to none."""
    worst = max(plan.promised_minutes, *(each.designed_minutes for each in plan.phases)) * 1.05
    room, width = HEIGHT - 2 * TOP, (WIDTH - LEFT) / len(plan.phases)

    def height(minutes: float) -> float:
        return round(TOP + room * minutes / worst, 1)

    points = [
        Point(
            round(LEFT + number * width, 1),
            round(LEFT + (number + 1) * width, 1),
            height(each.designed_minutes),
            f"{each.id}: {each.designed:.3f} %, {each.designed_minutes:.0f} minutes down",
            each.state,
        )
        for number, each in enumerate(plan.phases)
    ]
    steps = [f"{point.left},{point.top} L{point.right},{point.top}" for point in points]
    path = f"M{' L'.join(steps)}"
    ticks = [(height(worst * share), f"{worst * share:.0f} min") for share in (0.0, 0.25, 0.5, 0.75)]
    return Chart(path, points, height(plan.promised_minutes), ticks)


def picture(phase: PhasePlan) -> Picture:
    """A phase's design, its rows below each other."""
    boxes = [
        Drawn(number * (BOX + GAP), row * (BOX_HEIGHT + 2 * GAP), box)
        for row, line in enumerate(phase.shape)
        for number, box in enumerate(line)
    ]
    most = max((len(line) for line in phase.shape), default=1)
    return Picture(phase, boxes, most * (BOX + GAP), len(phase.shape) * (BOX_HEIGHT + 2 * GAP))


def _telling(plan: MigrationPlan) -> list[PhasePlan]:
    """The first and the last phase, between them the one that it is in, and of the others those in which the
    picture changes."""
    shown: list[PhasePlan] = []
    for each in plan.phases:
        if not shown or each.shape != shown[-1].shape:
            shown.append(each)
    return shown


def _percent(value: float) -> str:
    return f"{value:.3f} %"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _share(value: float, of: float) -> str:
    return f"{100 * value / of:.1f}"


_TEMPLATES = Templates(__file__, percent=_percent, time=time_of, short=_short, share=_share)
