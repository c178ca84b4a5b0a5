"""The maturity of services, as data and in words."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from pave.layout import in_columns, wrapped
from pave.plain import json_text
from policies.maturity import MeasuredMaturity

MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "unimplemented": "○"}


class UnknownMaturity(msgspec.Struct, frozen=True):
    """A service whose maturity can't be told, and why."""

    service: str
    why: str


class MaturityReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave maturity --format json` prints: services by name, or the one that was asked for; and those
    of which it can't be told."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["MaturityReport"] = "MaturityReport"
    services: list[MeasuredMaturity]
    unknown: list[UnknownMaturity] = []


def as_json(found: Sequence[MeasuredMaturity], unknown: Sequence[UnknownMaturity] = ()) -> str:
    """The maturity of services for programs."""
    report = MaturityReport(services=list(found), unknown=list(unknown))
    return json_text(report)


def as_list(found: Sequence[MeasuredMaturity], unknown: Sequence[UnknownMaturity], width: int) -> str:
    """Each of some services beside its level, and what the next one needs, in lines of so many columns; then
    those of which it can't be told."""
    rows = [(one.service, one.level, _next(one)) for one in found]
    rows += [(one.service, "unknown", " ".join(one.why.split())) for one in unknown]
    return "".join(f"{line}\n" for line in in_columns(rows, width))


def as_text(maturity: MeasuredMaturity, width: int) -> str:
    """One service, level by level, criterion by criterion, and the patches that lead to the next level, in
    lines of so many columns, but for the patches."""
    lines = [f"{maturity.service}: {maturity.level}"]
    for level in maturity.details:
        lines += ["", f"{level.name} {'reached' if level.number <= maturity.level_number else 'not reached'}"]
        for criterion in level.criteria:
            lines += wrapped(criterion.name, width, f"  {MARKS[criterion.result]} ")
            lines += wrapped(criterion.remedy or "; ".join(criterion.evidence), width, " " * 6)
    lines += ["", *wrapped(_next(maturity), width)]
    for patch in _joined(c.patch for c in maturity.missing if c.patch is not None):
        lines += ["", textwrap.indent(patch, "    ")]
    return "".join(f"{line}\n" for line in lines)


def _joined(patches: Iterable[str]) -> list[str]:
    """Patches, each once; those that add an item to the same list as one, for a key stands once in a file."""
    items: dict[str, list[str]] = {}
    for patch in dict.fromkeys(patches):
        place, _, item = patch.rpartition("\n")
        items.setdefault(place if item.lstrip().startswith("- ") else patch, []).append(item)
    return ["\n".join([place, *each]) if place.endswith(":") else place for place, each in items.items()]


def _next(maturity: MeasuredMaturity) -> str:
    number = maturity.level_number + 1
    if not maturity.missing:
        return "Nothing is missing."
    if maturity.missing[0].result == "unimplemented":
        return f"Level {number} can't be reached: none of its criteria is measured yet."
    return f"Level {number} needs: " + " ".join(criterion.remedy for criterion in maturity.missing)
