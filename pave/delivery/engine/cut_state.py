"""States that a full disk has cut off: found before the engine meets them, and mended from what it kept.

The engine puts the state before the last beside it (`.bak`), and a copy of each update's last into its
history: https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/state.go. Buckets write a file whole or
not at all."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from catalog.document import Json
from pave.delivery.engine.intents import Intents
from pave.files import replace_file
from pave.refused import Refused
from stacks.backend import folder_of, recovery_command
from stacks.stack import PROJECT


def require_whole(backend: str, stack: str) -> None:
    """Raises Refused when the state of a stack is cut off, with the command that mends it. Does nothing in a
    back end that isn't a folder."""
    folder, file = folder_of(backend), _file(backend, stack)
    if folder is not None and file is not None and not _is_whole(file):
        command = recovery_command(folder, backend, stack)
        raise Refused(
            f"The state of {stack} is cut off: {file}. A full disk does that. Make room, then"
            f" `{command}` goes back to the last whole one and looks what was done since. Until"
            " then nothing is changed: what the state doesn't know would be created again."
        )


def mend(backend: str, stack: str) -> list[str]:
    """Puts the last whole state of a stack in place of one that is cut off, which is kept. Gives a sentence
    on it, and none when the state is whole. Raises Refused when no whole one is left."""
    file = _file(backend, stack)
    if file is None or _is_whole(file):
        return []
    for earlier in _earlier(file):
        if _is_whole(earlier):
            kept = _set_aside(file)
            replace_file(file, earlier.read_bytes())
            return [f"The state was cut off; went back to {earlier}. What was cut off is kept: {kept}."]
    intended = Intents(backend, stack).read()
    if intended.is_from_nothing:  # the first update: all that there can be is written down
        kept = _set_aside(file)
        replace_file(file, json.dumps(_empty(stack)).encode())
        what = f"{stack} had nothing before, and what it was about to create is written down"
        return [f"The state was cut off, and all that the engine kept of it; {what}. Kept: {kept}."]
    raise Refused(
        f"The state of {stack} is cut off, and so is all that the engine kept of it ({file}.bak).\n"
        f"Restore {file} from a backup. Without one, look up in the cloud what bears the label `stack` of"
        " this stack, before anything is created again."
    )


def _set_aside(file: Path) -> Path:
    kept = file.parents[2] / "cut-off" / file.name
    kept.parent.mkdir(exist_ok=True)
    shutil.copy2(file, kept)
    return kept


def _empty(stack: str) -> Json:
    """The state of a stack that the engine has just made."""
    return {"version": 3, "checkpoint": {"stack": f"organization/{PROJECT}/{stack}", "latest": None}}


def _file(backend: str, stack: str) -> Path | None:
    """The state's file, None when it isn't there, or is compressed: then only the engine can read it."""
    folder = folder_of(backend)
    file = folder / ".pulumi" / "stacks" / PROJECT / f"{stack}.json" if folder is not None else None
    return file if file is not None and file.is_file() else None


def _earlier(file: Path) -> Iterator[Path]:
    """What the engine kept of a state, the latest first."""
    yield file.with_name(f"{file.name}.bak")
    history = file.parents[2] / "history" / PROJECT / file.stem
    yield from sorted(history.glob("*.checkpoint.json"), reverse=True)


def _is_whole(file: Path) -> bool:
    try:
        return isinstance(json.loads(file.read_bytes())["checkpoint"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        return False
