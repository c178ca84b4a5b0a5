"""What an adoption takes over, and what it doesn't: for people and for programs."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from pave.adopting.draft import Edit
from pave.exit_code import ExitCode
from pave.layout import wrapped
from pave.plain import json_text
from pave.reviewing.wording import kind, plain, value
from pave.terminal import styled
from policies.wording import Line


class KeptProperty(msgspec.Struct, frozen=True, rename="camel"):
    """A property that stays as it is, which no spec can say: what it is, and what the service's file would
    make it; None for what isn't there."""

    path: str
    is_: Any = msgspec.field(name="is")
    would_be: Any


class TakenOver(msgspec.Struct, frozen=True, rename="camel"):
    """A resource of the service that exists: by which `id` it is imported, `where` in which file it was
    found, and what is `kept` of it. `is_managed` when the stack has it already."""

    type: str
    name: str
    id: str
    where: str
    kept: list[KeptProperty]
    is_managed: bool = False


class NotTaken(msgspec.Struct, frozen=True, rename="camel"):
    """A resource that isn't taken over, by its id and `where` it was found, and `why`. `name` is what it
    would have been of the service's."""

    kind: str
    id: str
    where: str
    why: str
    name: str = ""


class Planned(msgspec.Struct, frozen=True, rename="camel"):
    """A resource that the next update creates, since nothing that exists is it."""

    type: str
    name: str


class AdoptionReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave migrate adopt` prints with `--format json`.

    `refused` are others', or can't be told from others', and of those that are `asked` about a person has to
    say what they are: with any, nothing is written. `created` doesn't
    exist, `left` exists and looks like the service's, and no spec makes it; `others` counts what else the
    files say, by whose it is. `mentions` are resources whose properties call something by the name that it
    would have had. `proof` is whether the next update takes all over and changes none of it: `no-op`, or
    `differs` with what is in `differing`, or `none` where nobody looked. `gate` is whether the rules let that
    update through; `written` are files."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["AdoptionReport"] = "AdoptionReport"
    service: str
    environment: str
    stack: str
    taken: list[TakenOver]
    edits: list[Edit] = []
    refused: list[NotTaken] = []
    asked: list[NotTaken] = []
    created: list[Planned] = []
    left: list[NotTaken] = []
    others: dict[str, int] = {}
    mentions: list[str] = []
    differing: list[str] = []
    hand_over: list[str] = []
    proof: Literal["no-op", "differs", "none"] = "none"
    gate: Literal["allowed", "blocked", "none"] = "none"
    written: list[str] = []

    @property
    def exit_code(self) -> ExitCode:
        """0 proven; 1 refused, or it differs, or the rules block it; 3 somebody is asked, or there is nothing
        to take over."""
        if self.refused or self.proof == "differs" or self.gate == "blocked":
            return ExitCode.NO
        return ExitCode.OK if self.proof == "no-op" else ExitCode.WAITS


def as_json(report: AdoptionReport) -> str:
    """For programs."""
    return json_text(report)


def as_text(report: AdoptionReport, next_command: str, *, colour: bool, width: int) -> str:
    """For a person. `next_command` is what to type then."""
    return styled(list(_lines(report, next_command, width)), colour=colour)


def _lines(report: AdoptionReport, following: str, width: int) -> Iterator[Line]:
    yield Line("plain", f"{report.service} · {report.environment}")
    for each in report.refused:
        yield from _wrap("bad", f"✗ {each.kind} {each.id} ({each.where}): {each.why}.", width)
    for each in report.asked:
        yield from _wrap("bad", f"? {each.kind} {each.id} ({each.where}): {each.why}.", width)
    fresh = [each for each in report.taken if not each.is_managed]
    managed = len(report.taken) - len(fresh)
    yield Line("good" if fresh else "plain", f"takes over {_counted(len(fresh), 'resource')}")
    for taken in fresh:
        yield Line("plain", f"  = {kind(taken.type)} {plain(taken.name)}")
        yield Line("faint", f"      {plain(taken.id)}  ({plain(taken.where)})")
        for kept in taken.kept:
            yield Line("plain", f"      keeps {kept.path}: {_said(kept.is_)}, and not {_said(kept.would_be)}")
    if managed:
        yield Line("faint", f"  {_counted(managed, 'resource')} more {_are(managed)} the stack's already")
    if report.edits:
        yield Line("plain", "the spec says now how it is:")
    for edit in report.edits:
        yield Line("plain", f"  {edit.document}: {edit.path}: {_said(edit.before)} → {_said(edit.after)}")
    yield from _listed("will be created, for it isn't there", (_planned(each) for each in report.created))
    yield from _listed(
        "is there, and no spec makes it: it stays as it is",
        (f"{each.kind} {each.id}: {each.why}" for each in report.left),
    )
    yield from _listed("calls something by a name that it doesn't have", report.mentions)
    if report.others:
        named = ", ".join(f"{number} {whose}" for whose, number in sorted(report.others.items()))
        yield from _wrap("faint", f"passed over: {named}", width)
    yield from _listed("differs all the same", report.differing, "bad")
    yield from _verdict(report, following, width)


def _verdict(report: AdoptionReport, following: str, width: int) -> Iterator[Line]:
    if report.refused:
        yield from _wrap("bad", "Nothing is written: what is somebody else's is taken from nobody.", width)
        return
    if report.asked:
        yield from _wrap("bad", "Nothing is written yet: what holds data isn't made twice unasked.", width)
        return
    if not report.taken:
        yield Line("plain", "Nothing of it is the service's.")
        return
    if report.proof == "no-op":
        more = f", and creates {len(report.created)}" if report.created else ""
        yield from _wrap("good", f"PROVEN  The next update changes nothing of what is there{more}.", width)
    elif report.proof == "differs":
        yield from _wrap("bad", "NOT PROVEN  The next update would change what is there.", width)
    if report.gate == "blocked":
        what = "BLOCKED  The rules don't let that update through: `pave check` says why."
        yield from _wrap("bad", what, width)
    for path in report.written:
        yield Line("plain", f"wrote {path}")
    if report.hand_over:
        yield Line("plain", "once it is applied, Terraform lets go of what it managed, and destroys nothing:")
        yield from (Line("plain", f"  terraform state rm '{each}'") for each in report.hand_over)
    if report.proof == "no-op" and report.gate != "blocked":
        yield Line("plain", f"next: {following}")


def _listed(head: str, lines: Iterator[str] | list[str], style: Any = "plain") -> Iterator[Line]:
    found = list(lines)
    if found:
        yield Line(style, f"{head}:")
    yield from (Line(style, f"  {plain(each)}") for each in found)


def _planned(each: Planned) -> str:
    return f"+ {kind(each.type)} {each.name}"


def _said(found: Any) -> str:
    return "nothing" if found is None else value(found)


def _wrap(style: Any, text: str, width: int) -> Iterator[Line]:
    for row in wrapped(plain(text), width, "", "  "):
        yield Line(style, row)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
