"""Which stacks are affected by a change, as data and in words."""

from typing import Literal

import msgspec

from catalog.filling import Templates
from catalog.yaml.fault import printable
from pave.plain import json_text
from pave.reports.markup import FILTERS, code
from policies.wording import count

TEMPLATES = Templates(__file__, **FILTERS)
SHOWN = 3
"""Files named as the reason for one stack."""
GONE = "Gone from the catalog; what they have stays until somebody destroys it"


class Affected(msgspec.Struct, frozen=True, rename="camel"):
    """A stack that is affected, and its own files why, from the repository's root.

    `purpose` is its environment's, None when that can't be read. `moved_to` is where the file of one that is
    gone seems to be now, None unless it is somewhere else."""

    stack: str
    service: str | None
    environment: str
    instance: str | None
    purpose: str | None
    because: list[str]
    moved_to: str | None = None

    @property
    def advice(self) -> str:
        """What to do about one that is gone from the catalog."""
        if self.moved_to is None:
            return f"pave destroy {self.stack}"
        return f"moved to {self.moved_to}? Back under its name it goes on; under another it is a new stack"


class ChangeReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave changed --format json` prints. `stacks` come foundations first, then services, by name;
    those that `gone` lists are in the catalog no longer, and what they have is still there.

    `commit` is what `since` named, None when that is no commit at all: then every stack is affected.
    `everywhere` are the files that affect every stack."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["ChangeReport"] = "ChangeReport"
    since: str
    commit: str | None
    everywhere: list[str]
    stacks: list[Affected]
    gone: list[Affected]


def as_text(report: ChangeReport) -> str:
    """The report for a person."""
    affected = [(one.stack, printable(_files(one.because))) for one in report.stacks]
    lines = [_headline(report, printable(_files(report.everywhere))), *_columns(affected)]
    if report.gone:
        lines += [
            "",
            f"{GONE}:",
            *_columns([(one.stack, one.advice) for one in report.gone]),
        ]
    return "".join(f"{line}\n" for line in lines)


def as_markdown(report: ChangeReport) -> str:
    """The report for a merge request's note."""
    headline = _headline(report, _files([code(path) for path in report.everywhere]))
    return TEMPLATES.fill("changes.md", headline=headline, report=report, gone=GONE)


def as_json(report: ChangeReport) -> str:
    """The report for programs."""
    return json_text(report)


RENDERERS = {"text": as_text, "json": as_json, "markdown": as_markdown}


def _headline(report: ChangeReport, everywhere: str) -> str:
    if report.commit is None:
        return "Every stack is affected: no earlier commit is known."
    since = report.since[:12] if report.since == report.commit else report.since
    if not report.stacks:
        return f"No stack is affected by what changed since {since}."
    if everywhere:
        return f"Every stack is affected by what changed since {since}: {everywhere}."
    number, verb = count(len(report.stacks), "stack"), "is" if len(report.stacks) == 1 else "are"
    return f"{number} {verb} affected by what changed since {since}."


def _files(paths: list[str]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    width = max((len(left) for left, _ in rows), default=0)
    return [f"  {left:<{width}}  {right}".rstrip() for left, right in rows]
