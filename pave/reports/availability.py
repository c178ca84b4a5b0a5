"""What a service's design can give against what it promises, as data and in words."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from catalog.document import Origin, readable
from catalog.kinds.service import Service
from catalog.loader import Catalog
from components.design.availability.assumptions import assumptions
from components.design.availability.coverage import break_even_coverage
from components.design.availability.missing import MissedWindows, missed_windows
from components.design.availability.published_sla import ratio
from components.design.availability.series import tree_of
from components.design.model import AvailabilityDesign
from components.design.service import designed
from components.design.what_if import Improvement, NotAssumable, assume, improvements
from pave.layout import in_columns, wrapped
from pave.plain import json_text
from pave.refused import Refused
from pave.terminal import styled
from policies.wording import Line

TABLE = Line("plain", "(the parts)")
"""Where the table stands, which is laid out by itself."""


class AvailabilityReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave availability --format json` prints. `what_if` are the changes that were assumed;
    `improvements` help, each on top of those before it. `stands_on` names, in the order of the parts, what in
    the catalog each figure is for. `break_even_coverage_percent` is the share of outages in which degraded
    modes would have to work for the promise to be kept, None where even all is not enough."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["AvailabilityReport"] = "AvailabilityReport"
    service: str
    environment: str
    what_if: list[str]
    availability: AvailabilityDesign
    stands_on: list[str]
    windows: MissedWindows
    break_even_coverage_percent: float | None
    assumptions: list[str]
    improvements: list[Improvement]


def availability_report(catalog: Catalog, service: Service, changes: Sequence[str]) -> AvailabilityReport:
    """The report on a service as if each `PATH=VALUE` had been written. Raises Refused for one that can't
    be."""
    try:
        found = assume(catalog, service, changes) if changes else service
    except NotAssumable as error:
        raise Refused(str(error)) from error
    design = designed(catalog, found)
    tree, availability = tree_of(found, design), design.availability
    break_even = break_even_coverage(tree, ratio(availability.promised))
    return AvailabilityReport(
        service=found.name,
        environment=found.place,
        what_if=list(changes),
        availability=availability,
        stands_on=[_stands_on(found, part.origin) for part in availability.parts],
        windows=missed_windows(tree, availability.promised_minutes, availability.window_days),
        break_even_coverage_percent=None if break_even is None else round(100 * break_even, 3),
        assumptions=assumptions(tree),
        improvements=improvements(catalog, found),
    )


def _stands_on(service: Service, origin: Origin) -> str:
    """What its owner may have written, below `spec`."""
    is_own = origin.document == service.document.path
    document = service.document if is_own else service.environment.document
    steps = [int(step) if step.isdigit() else step for step in origin.pointer.split("/")[1:]]
    name = readable(steps, document.data).removeprefix("spec.")
    where = name if is_own else f"{service.environment.name}: {name}"
    return where if origin.written else f"{where} (default)"


def as_json(report: AvailabilityReport) -> str:
    """The report for programs."""
    return json_text(report)


def as_text(report: AvailabilityReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    lines = [
        Line(line.style, row) for line in _lines(report) for row in wrapped(line.text, width, rest="    ")
    ]
    parts, rest = lines[: (at := lines.index(TABLE))], lines[at + 1 :]
    return styled([*parts, *_table(report, width), *rest], colour=colour)


def _lines(report: AvailabilityReport) -> Iterator[Line]:
    found = report.availability
    short = found.designed < found.promised
    yield Line("plain", f"{report.service} · {report.environment}")
    for assumed in report.what_if:
        yield Line("place", f"  what if {assumed}")
    yield Line(
        "plain",
        f"  promised           {found.promised:.3f} %  {found.promised_minutes:6.1f} minutes"
        f" down in {found.window_days} days",
    )
    yield Line(
        "bad" if short else "good",
        f"  its SLAs amount to {found.designed:.3f} %  {found.designed_minutes:6.1f} minutes"
        f"  ({found.low:.3f} to {found.high:.3f} % where sources differ)",
    )
    if found.unknown:
        which = ", ".join(found.unknown)
        yield Line("bad", f"  at most: nobody knows how available {which} is (`availability`)")
    yield Line("plain", _windows(report.windows, found))
    yield TABLE
    yield Line("plain", "Sources:")
    for source, names in _sources(found).items():
        yield Line("faint", f"  {source}: {', '.join(names)}")
    yield Line("plain", "Assumed:")
    for assumed in report.assumptions:
        yield Line("faint", f"  {assumed}")
    yield Line("plain", _break_even(report))
    if not report.improvements:
        yield Line("plain", "No change that the paved road knows would save a minute.")
    for n, change in enumerate(report.improvements):
        verdict = "reaches the promise" if change.reaches_promise else "still short" if short else "more room"
        label = "best change" if n == 0 else "and on top of that"
        yield Line(
            "plain",
            f"  {label}: {change.path}: {_value(change.value)}  −{change.minutes_saved:.1f} minutes"
            f" → {change.designed:.3f} % ({verdict})",
        )


def _table(report: AvailabilityReport, width: int) -> Iterator[Line]:
    rows = [
        (part.name, f"{part.availability:.4f}", f"{part.minutes:.2f}", f"{part.share:.0f} %", on)
        for part, on in zip(report.availability.parts, report.stands_on, strict=True)
    ]
    for row in in_columns([("part", "%", "minutes", "share", "stands on"), *rows], width, right=(1, 2, 3)):
        yield Line("plain", row)


def _windows(windows: MissedWindows, found: AvailabilityDesign) -> str:
    return (
        f"  {windows.chance_percent:.0f} % of windows miss the promise; minutes of {found.window_days} days:"
        f" p50 {windows.p50:.0f}, p90 {windows.p90:.0f}, p99 {windows.p99:.0f}"
    )


def _sources(found: AvailabilityDesign) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for part in found.parts:
        named.setdefault(part.source, []).append(part.name)
    return named


def _break_even(report: AvailabilityReport) -> str:
    least = report.break_even_coverage_percent
    if least is None:
        return "However well degraded modes work, they alone don't keep the promise."
    if least == 0.0:
        return "The promise is kept even if no degraded mode ever works."
    return f"The promise is kept where degraded modes work in {least:.1f} % of outages or more."


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    return str(value)
