"""Goes on after an update that was cut off: by a kill, a crash, a lost connection. See `adoption` for how."""

import json
import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.document import Json
from pave.delivery.recovery.adoption import CREATING, Nameless, Noted, id_of, named, noted, settled
from pave.delivery.recovery.lock import locked, locks_in, look, take_over
from pave.delivery.recovery.unheard import CREATIONS, record_of, unheard
from pave.files import alone
from pave.refused import Refused
from stacks.backend import CutOff, cut_off, folder_of, is_in_a_cloud, state

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent

    from pave.delivery.engine.stack import Opened


class Recovered(NamedTuple):
    """What was put right, in words; nothing in the common case."""

    done: tuple[str, ...] = ()


def recover(
    opened: "Opened",
    say: Callable[[str], None] = lambda _: None,
    told: Mapping[str, str | None] | None = None,
) -> Recovered:
    """Takes over the locks of dead owners, and settles what an earlier update of a stack left unfinished.

    `say` is told what is waited for. `told` are ids by URN from somebody who looked, None for what isn't
    there. Safe to be killed, and to be run by two at once. Raises Refused when somebody else holds a lock,
    and when it can't be told what exists."""
    with alone(_door(opened)):
        taken = take_over(
            opened.target.backend,
            str(opened.name),
            say,
            host=socket.gethostname(),
            look=look,
            now=lambda: datetime.now(UTC),
        )
        done = [
            f"Took over the lock of process {lock.pid}, which {lock.user} started and which is gone."
            for lock in taken
        ]
        if left_behind(opened):
            say("An earlier update was cut off: looking what it did.")
            done += _settle(opened, told or {})
    return Recovered(tuple(done))


def adopt(opened: "Opened", names: Iterable[str]) -> Recovered:
    """Lets a stack manage what exists already, of what its program would create: by the names (or URNs) of
    those resources. Somebody has looked that they are its own.

    Raises Refused when the program wouldn't create them, when their ids aren't known before an update does,
    and when it can't be told what exists."""
    planned = _planned(opened)
    records = [planned[_chosen(opened, name, planned)] for name in names]
    with alone(_door(opened)):
        found = _note(opened, records)
        missing = ", ".join(named(record["urn"]) for record in records if record not in found)
        if missing:
            raise Refused(
                f"Where {missing} would be is only known when an update has made what it stands on."
                f" Run `pave up {opened.name}`, and this again when that says that it exists already."
            )
        return Recovered(tuple(_settle(opened, {})))


def _chosen(opened: "Opened", name: str, urns: Collection[str]) -> str:
    """The one URN that a name, or the URN itself, means."""
    from rapidfuzz import process

    by_name: dict[str, list[str]] = {}
    for urn in urns:
        by_name.setdefault(urn.split("::", 3)[3], []).append(urn)
    found = [urn for urn in urns if urn == name] or by_name.get(name, [])
    if len(found) == 1:
        return found[0]
    if found:
        which = "".join(f"\n  {urn}" for urn in found)
        raise Refused(f"`{name}` is the name of {len(found)} resources. Give the URN of one:{which}")
    best = process.extractOne(name, list(by_name), score_cutoff=60)
    known = ", ".join(sorted(by_name)) or "nothing"
    hint = f"Did you mean `{best[0]}`?" if best else f"It would create: {known}."
    raise Refused(f"{opened.name} would create nothing now that is called `{name}`. {hint}")


def _planned(opened: "Opened") -> dict[str, Json]:
    """What the program would create now, by URN."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    try:
        opened.engine.preview(on_event=events.append)
    except CommandError as error:
        raise Refused(_failure(opened, str(error), "can't be previewed")) from error
    steps = [event.resource_pre_event.metadata for event in events if event.resource_pre_event]
    created = [record_of(step.new) for step in steps if step.op.value in CREATIONS and step.new is not None]
    return {record["urn"]: record for record in created if is_in_a_cloud(record)}


def remember(opened: "Opened", events: Iterable["EngineEvent"]) -> list[str]:
    """Leaves a note of what a failed update may have made without anybody hearing of it, for `recover`.

    Gives words about each, also when that can't be noted: the failure itself is to be told in any case."""
    records = unheard(events)
    try:
        known, why = _note(opened, records) if records else [], "its id isn't known"
    except Refused as error:
        known, why = [], f"that couldn't be noted.\n{error.message}"
    return [
        f"{named(record['urn'])} may have been created: nobody heard. "
        + ("The next update looks." if record in known else f"Look for it by hand: {why}.")
        for record in records
    ]


def _note(opened: "Opened", records: Iterable[Json]) -> list[Json]:
    """Leaves notes of resources as if the engine had been cut off while it created them. Gives those that
    have an id to be found by."""
    whole = _exported(opened)
    found = whole["deployment"]
    known = [record for record in records if id_of(record, found.get("resources") or [])]
    pending = [{"type": CREATING, "resource": record} for record in known]
    if pending:  # beside what the engine says itself of where it was cut off
        pending = [*(found.get("pending_operations") or []), *pending]
        _import(opened, whole, _noted(opened, {**found, "pending_operations": pending}, {}).state)
    return known


def left_behind(opened: "Opened") -> list[CutOff]:
    """What an earlier update of a stack left unfinished. Quick where the back end is a folder."""
    folder = folder_of(opened.target.backend)
    found = state(folder, str(opened.name)) if folder is not None else None
    return cut_off(_exported(opened)["deployment"] if found is None else found)


def _settle(opened: "Opened", told: Mapping[str, str | None]) -> list[str]:
    whole = _exported(opened)
    noted_ = _noted(opened, whole["deployment"], told)
    if noted_.state != whole["deployment"]:
        _import(opened, whole, noted_.state)
    if noted_.to_read:
        targets = [word for urn in noted_.to_read for word in ("--target", urn)]
        _run(opened, "refresh", "--yes", "--skip-preview", *targets)
    if not noted_.notes:
        return []
    refreshed = _exported(opened)
    last, found = settled(refreshed["deployment"], noted_.notes)
    _import(opened, refreshed, last)
    return [each.words for each in found]


def _noted(opened: "Opened", found: Json, told: Mapping[str, str | None]) -> Noted:
    try:
        return noted(found, told)
    except Nameless as error:
        listed = "".join(f"\n  {urn}" for urn in error.urns)
        raise Refused(
            f"An earlier update of {opened.name} was cut off while it created these, and their ids don't"
            f" follow from their names:{listed}\nLook whether they exist, then run `pave recover"
            f" {opened.name}` with, for each, `--id 'URN=ID'` if it does and `--gone 'URN'` if it doesn't."
        ) from error


def _door(opened: "Opened") -> Path:
    """The file that lets one recovery of a stack in at a time."""
    return opened.target.folder / f"{opened.name}.recovering"


def _exported(opened: "Opened") -> Json:
    """The whole state, with secrets as they are encrypted in it."""
    whole: Json = json.loads(_run(opened, "stack", "export"))
    whole["deployment"] = whole.get("deployment") or {}
    return whole


def _import(opened: "Opened", seen: Json, changed: Json) -> None:
    """Writes a changed state in place of the one that was `seen`. Refused if somebody wrote another since:
    while it is written the engine's lock holds, but not between reading and writing."""
    folder = folder_of(opened.target.backend)
    now = state(folder, str(opened.name)) if folder is not None else None
    if now and _mark(now) != _mark(seen["deployment"]):
        raise Refused(f"Somebody else has just changed {opened.name}. Nothing was changed; run it again.")
    with TemporaryDirectory(prefix="pave-") as name:  # readable by its owner only
        path = Path(name) / "state.json"
        path.write_text(json.dumps({**seen, "deployment": changed}), "utf-8")
        _run(opened, "stack", "import", "--file", str(path))


def _mark(found: Json) -> tuple[Any, ...]:
    """What differs after every update."""
    return found.get("manifest"), [(each["urn"], each.get("id")) for each in found.get("resources") or []]


def _run(opened: "Opened", *words: str) -> str:
    """What a command of the CLI on this stack prints. Raises Refused."""
    from pulumi.automation import CommandError

    arguments = [*words, "--stack", opened.engine.name]
    try:
        done = opened.cli.run(arguments, cwd=opened.engine.workspace.work_dir, additional_env={})
    except CommandError as error:
        raise Refused(_failure(opened, str(error), "was cut off, and what was done can't be seen")) from error
    return str(done.stdout)


def _failure(opened: "Opened", text: str, what: str) -> str:
    """Why the engine didn't do as it was asked, from what it printed."""
    from pave.delivery.engine.cli import errors_in

    stack, backend = str(opened.name), opened.target.backend
    held = locks_in(text)
    if held:
        return locked(stack, held, socket.gethostname(), backend, datetime.now(UTC))
    words = "\n".join(f"  {error}" for error in errors_in(text)) or f"  {text.strip()}"
    return f"{stack} {what}:\n{words}\nNothing is changed or forgotten; run it again when that is mended."
