"""The maturity of services, as data and in words."""

import textwrap
from collections.abc import Sequence

import msgspec

from policies.maturity import MeasuredMaturity

MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "unimplemented": "○"}
WIDTH = 100
"""Characters of a line about one service among others."""
LONGEST = 72
"""Characters shown of what a criterion rests on."""


def as_json(found: Sequence[MeasuredMaturity]) -> str:
    """The maturity of services for programs."""
    report = {"apiVersion": "pave/v1", "kind": "MaturityReport", "services": found}
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def as_list(found: Sequence[MeasuredMaturity]) -> str:
    """A line for each of some services: its level, and what the next one needs."""
    return "".join(f"{one.service:<40} {one.level}  {_next(one)}"[:WIDTH] + "\n" for one in found)


def as_text(maturity: MeasuredMaturity) -> str:
    """One service, level by level, criterion by criterion, and the patches that lead to the next level."""
    lines = [f"{maturity.service}: {maturity.level}"]
    for level in maturity.details:
        lines += ["", f"{level.name} {'reached' if level.number <= maturity.level_number else 'not reached'}"]
        for criterion in level.criteria:
            lines.append(f"  {MARKS[criterion.result]} {criterion.name}")
            shown = criterion.remedy or "; ".join(criterion.evidence)
            if shown:
                lines.append(f"      {shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + '…'}")
    lines += ["", _next(maturity)]
    for patch in dict.fromkeys(c.patch for c in maturity.missing if c.patch is not None):
        lines += ["", textwrap.indent(patch, "    ")]
    return "".join(f"{line}\n" for line in lines)


def _next(maturity: MeasuredMaturity) -> str:
    number = maturity.level_number + 1
    if not maturity.missing:
        return "Nothing is missing."
    if maturity.missing[0].result == "unimplemented":
        return f"Level {number} can't be reached: none of its criteria is measured yet."
    return f"Level {number} needs: " + " ".join(criterion.remedy for criterion in maturity.missing)
