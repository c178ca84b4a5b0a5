"""Brings a stack into the phase that its migration's file says: judged, previewed, guarded and applied as by
`pave up`."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from catalog.loader import Catalog
from components.design.migration.passage import OUTPUT, passage
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.previews import EngineFailed
from pave.delivery.engine.stack import outputs_of
from pave.delivery.engine.target import AskedCloud, local_backend
from pave.delivery.preview import JudgedStack, StackPreview, judge, preview_stack
from pave.delivery.progress import Display
from pave.delivery.screen import Screen, failed, short_verdict, verdict
from pave.delivery.update import apply
from pave.files import FileChanged, replace_file
from pave.migrating.reading import in_phase
from pave.refused import Refused
from pave.reviewing.guards import UpdateOptions
from pave.terminal import Page
from stacks.backend import folder_of, outputs_in, state


class Entered(NamedTuple):
    """How entering a phase ended: `refused` before anything was changed, `failed` in the middle, `waits` for
    values of secrets, or `applied`; and what there is to write down of it."""

    how: str
    facts: dict[str, str]


def write_phase(file: Path, phase: str) -> None:
    """Writes a phase into a migration's file, whole or not at all. Raises Refused when it can't."""
    try:
        text = file.read_bytes()
        replace_file(file, in_phase(text, str(file), phase), before=text)
    except FileChanged as error:
        raise Refused(f"{file} was changed by somebody else just now. Run the command again.") from error
    except OSError as error:
        raise Refused(f"{file} can't be written: {error.strerror}.") from error


def phase_in(cloud: AskedCloud, stack: str, environ: Mapping[str, str]) -> str | None:
    """The phase that a stack was last made in, as its outputs say; None where they say none, or there is no
    such stack. Starts no local cloud. Raises Refused when the back end can't be used."""
    if cloud.name == "local":
        return _said(local_backend(cloud.state), stack)
    target = cloud.target(environ)
    folder = folder_of(target.backend)
    if folder is not None:
        return _said(folder, stack)
    found = outputs_of(target, stack).get(OUTPUT)
    return None if found is None else str(found)


def _said(folder: Path, stack: str) -> str | None:
    found = outputs_in(state(folder, stack) or {}).get(OUTPUT)
    return None if found is None else str(found)


def enter(
    line: CommandLine,
    now: datetime,
    page: Page,
    say: Callable[[str], None],
    *,
    keeps: bool,
    allowed: int | None,
) -> Entered:
    """Applies what the file says now. With `keeps`, what the phase that is left has made, and can't be had
    again, stays. `now` is the time (UTC). `say` gets the text for the person. Raises Refused."""
    judged = judge(line, now.date(), None, now=now)
    if judged.is_blocked:
        say(verdict(judged, page))
        return Entered("refused", {"gate": "blocked"})
    found = passage(judged.work.catalog, str(judged.name.service), judged.name.place)
    accepted = () if found is None else found.changing
    try:
        seen = preview_stack(
            judged, line.cloud, say, refresh=False, words=UpdateOptions(allowed, accepted), keeps=keeps
        )
    except EngineFailed as error:
        say(failed(judged.name, error, page))
        return Entered("refused", {"engine": str(error).splitlines()[0]})
    screen = Screen(judged.name, judged.work.catalog, seen.opened.target, page)
    say(screen.changes(seen.changes, seen.refusals))
    say(short_verdict(judged, page))
    if seen.refusals:
        return Entered("refused", {"guard": seen.refusals[0].what})
    return _apply(judged, seen, line, page, say)


def _apply(
    judged: JudgedStack, seen: StackPreview, line: CommandLine, page: Page, say: Callable[[str], None]
) -> Entered:
    screen = Screen(judged.name, judged.work.catalog, seen.opened.target, page)
    outcome = apply(
        seen.opened,
        seen.changes.found,
        seen.engine_plan,
        Display(page, f"Updating {judged.name}", live=page.colour and sys.stdout.isatty()),
        refresh=False,
        held=seen.held,
    )
    again = line._replace(stack=str(judged.name.service)).of("migrate next")
    say(screen.outcome(outcome, again, ""))
    facts = {
        "changed": str(len(outcome.done)),
        "gate": "allowed",
        "rules": judged.work.bundle.revision,
    }
    if not outcome.is_done:
        return Entered("failed", facts)
    if seen.held.missing:
        say(screen.held_back(seen.held, line))
        return Entered("waits", {**facts, "secrets": ", ".join(each.name for each in seen.held.missing)})
    return Entered("applied", facts)


def migration_file(catalog: Catalog, path: str) -> Path:
    """Where a migration's file is."""
    return catalog.root / path
