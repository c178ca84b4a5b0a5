"""Recovers a stack after an update that was cut off by a kill, a crash or a lost connection; see `adoption`
for how. Also adopts resources that exist already."""

import json
import socket
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.document import Json
from catalog.nearest import did_you_mean
from pave.delivery.engine.alive import sees_all
from pave.delivery.engine.cut_state import require_whole
from pave.delivery.recovery.adoption import (
    ADOPTING,
    CREATING,
    IdsUnknown,
    NotedState,
    id_of,
    named,
    settled,
    with_notes,
)
from pave.delivery.recovery.begun import Begun
from pave.delivery.recovery.intended import with_intended
from pave.delivery.recovery.lock import lock_message, locks_in, running_process, take_over
from pave.delivery.recovery.ownership import cloud_id, why_not_adopted
from pave.delivery.recovery.surroundings import surroundings
from pave.delivery.recovery.unconfirmed import CREATIONS, record_of, unconfirmed_creations
from pave.files import alone
from pave.refused import Refused
from stacks.backend import CutOff, cut_off, folder_of, is_in_a_cloud, state

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent

    from pave.delivery.engine.stack import OpenedStack


class Recovered(NamedTuple):
    """What a recovery did, a sentence each; empty when there was nothing to recover."""

    done: tuple[str, ...] = ()


def recover(
    opened: "OpenedStack",
    say: Callable[[str], None] = lambda _: None,
    told: Mapping[str, str | None] | None = None,
) -> Recovered:
    """Removes stale locks of a stack, and settles the pending operations and notes in its state: by a refresh
    of just those resources. Changes nothing in the cloud.

    `say` gets a line on what is waited for. `told` are ids by URN that a person has given, None for a
    resource that doesn't exist. Safe to be killed, and to be run twice at once. Raises Refused when somebody
    else holds a lock, when an id is unknown, and when the engine can't refresh."""
    with alone(_recovery_lock(opened)):
        taken = take_over(
            opened.target.backend,
            str(opened.name),
            say,
            host=socket.gethostname(),
            process_of=running_process,
            now=lambda: datetime.now(UTC),
            sees_all=sees_all(),
        )
        done = [
            f"Took over the lock of process {lock.pid}, which {lock.user} started and which is gone."
            for lock in taken
        ]
        if left_behind(opened):
            say("An earlier update was cut off: looking what it did.")
            done += _settle(opened, told or {})
        else:
            _forget(opened)
    return Recovered(tuple(done))


def adopt(opened: "OpenedStack", names: Iterable[str]) -> Recovered:
    """Adopts existing resources into a stack: those of its program that an update would create, by their
    names or URNs. What can't be proven to be this stack's (see `ownership`) is left alone; the sentences say
    why.

    Raises Refused when the program wouldn't create them, when their ids are only known during an update, and
    when the engine can't preview or refresh."""
    planned = _planned(opened)
    records = [planned[_chosen(opened, name, planned)] for name in names]
    with alone(_recovery_lock(opened)):
        found = _note(opened, records, ADOPTING)
        missing = ", ".join(named(record["urn"]) for record in records if record not in found)
        if missing:
            raise Refused(
                f"Where {missing} would be is only known when an update has made what it stands on."
                f" Run `pave up {opened.name}`, and this again when that says that it exists already."
            )
        return Recovered(tuple(_settle(opened, {})))


def _chosen(opened: "OpenedStack", name: str, urns: Collection[str]) -> str:
    """The URN among `urns` that a name, or the URN itself, stands for. Raises Refused unless it is one."""
    by_name: dict[str, list[str]] = {}
    for urn in urns:
        by_name.setdefault(urn.split("::", 3)[3], []).append(urn)
    found = [urn for urn in urns if urn == name] or by_name.get(name, [])
    if len(found) == 1:
        return found[0]
    if found:
        which = "".join(f"\n  {urn}" for urn in found)
        raise Refused(f"`{name}` is the name of {len(found)} resources. Give the URN of one:{which}")
    hint = did_you_mean(name, by_name, "It would create")
    raise Refused(f"{opened.name} would create nothing now that is called `{name}`. {hint}")


def _planned(opened: "OpenedStack") -> dict[str, Json]:
    """The resources that an update would create now, as records of a state, by URN."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    try:
        opened.engine.preview(on_event=events.append)
    except CommandError as error:
        raise Refused(_failure(opened, str(error), "can't be previewed")) from error
    steps = [event.resource_pre_event.metadata for event in events if event.resource_pre_event]
    created = [record_of(step.new) for step in steps if step.op.value in CREATIONS and step.new is not None]
    return {record["urn"]: record for record in created if is_in_a_cloud(record)}


def note_unconfirmed(opened: "OpenedStack", events: Iterable["EngineEvent"]) -> list[str]:
    """Writes notes into the state on the creations of a failed update that may have happened without being
    recorded (see `unconfirmed_creations`), so that `recover` finds out.

    `events` are those of the update. Gives a sentence on each, also when writing failed: no exception hides
    the failure of the update itself. What the update wrote down itself is forgotten then, unless the state
    can't be relied on."""
    records = unconfirmed_creations(events)
    try:
        known, why = _note(opened, records, CREATING) if records else [], "its id isn't known"
        require_whole(opened.target.backend, str(opened.name))
        opened.intents.forget()
    except Refused as error:
        known, why = [], f"that couldn't be noted.\n{error.message}"
    return [
        f"{named(record['urn'])} may have been created: nobody heard. "
        + ("The next update looks." if record in known else f"Look for it by hand: {why}.")
        for record in records
    ]


def _note(opened: "OpenedStack", records: Iterable[Json], doing: str) -> list[Json]:
    """Writes notes on resources into the state, as if an update had been cut off while it was `doing` this
    to them. Gives those whose id is known; the others get no note."""
    whole = _exported(opened)
    found = whole["deployment"]
    known = [record for record in records if id_of(record, found.get("resources") or [])]
    pending = [{"type": doing, "resource": record} for record in known]
    if pending:  # beside what the engine says itself of where it was cut off
        pending = [*(found.get("pending_operations") or []), *pending]
        _import(opened, whole, _noted(opened, {**found, "pending_operations": pending}, {}).state)
    return known


def left_behind(opened: "OpenedStack") -> list[CutOff]:
    """The operations that an earlier update of a stack left unfinished. Needs no CLI where the back end is a
    folder."""
    folder = folder_of(opened.target.backend)
    found = state(folder, str(opened.name)) if folder is not None else None
    known = _exported(opened)["deployment"] if found is None else found
    return cut_off(with_intended(known, opened.intents.read()))


def _forget(opened: "OpenedStack") -> None:
    Begun(opened.target.folder, str(opened.name)).forget()
    opened.intents.settle()


def _settle(opened: "OpenedStack", told: Mapping[str, str | None]) -> list[str]:
    whole = _exported(opened)
    prepared = _noted(opened, with_intended(whole["deployment"], opened.intents.read()), told)
    begun = Begun(opened.target.folder, str(opened.name))
    begun.keep(prepared.state)
    if prepared.state != whole["deployment"]:
        _import(opened, whole, prepared.state)
    if prepared.to_read:
        targets = [word for urn in prepared.to_read for word in ("--target", urn)]
        _run(opened, "refresh", "--yes", "--skip-preview", *targets)
    if not prepared.notes:
        _forget(opened)
        return []
    refreshed = _exported(opened)
    around = surroundings(opened, refreshed["deployment"], begun.inputs())
    resources = {each["urn"]: each for each in refreshed["deployment"].get("resources") or []}
    last, found = settled(
        refreshed["deployment"],
        prepared.notes,
        lambda urn, there: why_not_adopted(urn, there, cloud_id(there, resources), around),
    )
    _import(opened, refreshed, last)
    _forget(opened)
    return [each.words for each in found]


def _noted(opened: "OpenedStack", found: Json, told: Mapping[str, str | None]) -> NotedState:
    try:
        return with_notes(found, told)
    except IdsUnknown as error:
        listed = "".join(f"\n  {urn}" for urn in error.urns)
        raise Refused(
            f"An earlier update of {opened.name} was cut off while it created these, and their ids don't"
            f" follow from their names:{listed}\nLook whether they exist, then run `pave recover"
            f" {opened.name}` with, for each, `--id 'URN=ID'` if it does and `--gone 'URN'` if it doesn't."
        ) from error


def _recovery_lock(opened: "OpenedStack") -> Path:
    """The lock file that lets only one recovery of a stack run at a time."""
    return opened.target.folder / f"{opened.name}.recovering"


def _exported(opened: "OpenedStack") -> Json:
    """The whole state as the engine exports it, with its secrets encrypted."""
    whole: Json = json.loads(_run(opened, "stack", "export"))
    whole["deployment"] = whole.get("deployment") or {}
    return whole


def _import(opened: "OpenedStack", exported: Json, changed: Json) -> None:
    """Imports a `changed` state in place of the exported one. Raises Refused when another state was written
    in between: the engine's lock only holds while it exports and while it imports."""
    folder = folder_of(opened.target.backend)
    now = state(folder, str(opened.name)) if folder is not None else None
    if now and _mark(now) != _mark(exported["deployment"]):
        raise Refused(f"Somebody else has just changed {opened.name}. Nothing was changed; run it again.")
    with TemporaryDirectory(prefix="pave-") as name:  # readable by its owner only
        path = Path(name) / "state.json"
        path.write_text(json.dumps({**exported, "deployment": changed}), "utf-8")
        _run(opened, "stack", "import", "--file", str(path))


def _mark(found: Json) -> tuple[Any, ...]:
    """What differs between two states whenever an update came in between."""
    return found.get("manifest"), [(each["urn"], each.get("id")) for each in found.get("resources") or []]


def _run(opened: "OpenedStack", *words: str) -> str:
    """Runs a command of the CLI on this stack, and gives what it printed. Raises Refused when it fails."""
    from pulumi.automation import CommandError

    arguments = [*words, "--stack", opened.engine.name]
    try:
        done = opened.cli.run(arguments, cwd=opened.engine.workspace.work_dir, additional_env={})
    except CommandError as error:
        raise Refused(_failure(opened, str(error), "was cut off, and what was done can't be seen")) from error
    return str(done.stdout)


def _failure(opened: "OpenedStack", text: str, what: str) -> str:
    """The message for a command that failed, by what it printed: about a lock, or with its errors."""
    from pave.delivery.engine.cli import errors_in

    stack, backend = str(opened.name), opened.target.backend
    held = locks_in(text)
    if held:
        return lock_message(stack, held, socket.gethostname(), backend, datetime.now(UTC))
    words = "\n".join(f"  {error}" for error in errors_in(text)) or f"  {text.strip()}"
    return f"{stack} {what}:\n{words}\nNothing is changed or forgotten; run it again when that is mended."
