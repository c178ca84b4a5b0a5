"""Pulumi's back end in a folder (`file://`): the states and locks of stacks in it, and unfinished operations.

https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem"""

import json
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from catalog.document import Json
from stacks.recording.model import STACK as ROOT
from stacks.stack import PROJECT

MARK = "~cut-off-while-"
"""What separates, in the URN of a note (see `CutOff`), the resource's own URN from the operation."""

STALE = 10.0
"""Seconds after which a temporary file of the engine's, of a hundred bytes, was abandoned."""


class CutOff(NamedTuple):
    """An operation on the resource `urn` that had begun when its update was cut off. `doing` is `creating`,
    `updating`, `deleting`, `reading` or `importing`.

    A state holds it as a pending operation; or, while a recovery is finding out whether it was done, as a
    note: an external resource beside the real one."""

    doing: str
    urn: str

    def __str__(self) -> str:
        type_ = self.urn.split("::")[2].rpartition("$")[2]
        return f"{self.urn.split('::', 3)[3]} ({type_}) while {self.doing}"


def folder_of(url: str) -> Path | None:
    """The folder of a back end's URL `file://…`; None for any other URL."""
    if not url.startswith("file://"):
        return None
    path = unquote(url.removeprefix("file://").partition("?")[0])
    return Path(path).expanduser().absolute()


def locks(folder: Path, stack: str) -> list[Path]:
    """The lock files of a stack: the engine has one there while it works on it."""
    return sorted(_locks(folder, stack).glob("*.json"))


def _locks(folder: Path, stack: str) -> Path:
    return folder / ".pulumi" / "locks" / "organization" / PROJECT / stack


def remove_half_written(url: str, stack: str, now: float) -> list[Path]:
    """Removes the files of a stack that an engine left half written when it was killed, and gives them: they
    would stop every later command. `now` is the time in seconds since the epoch. Only for a back end in a
    folder.

    The engine writes a file atomically, but not the one beside it with its attributes (`.attrs`):
    https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go. Without it a file has the default
    attributes. And the engine takes the temporary file of a lock for a lock."""
    folder = folder_of(url)
    if folder is None:
        return []
    book = folder / ".pulumi"
    at = book / "stacks" / PROJECT / f"{stack}.json"
    beside = [Path(f"{path}.attrs") for path in (book / "meta.yaml", at, Path(f"{at}.bak"))]
    broken = [path for path in beside if _is_half(path)]
    broken += [path for path in _locks(folder, stack).glob("*.tmp") if _age(path, now) > STALE]
    for path in broken:
        path.unlink(missing_ok=True)
    return broken


def _is_half(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return False


def _age(path: Path, now: float) -> float:
    try:
        return now - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def state(folder: Path, stack: str) -> Json | None:
    """The deployment in a stack's state file; None when there is no file, or when it is compressed or broken:
    then only the engine can read it, or say why not."""
    try:
        text = (folder / ".pulumi" / "stacks" / PROJECT / f"{stack}.json").read_bytes()
        latest: Json | None = json.loads(text)["checkpoint"].get("latest")
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return latest or {}


def stack_names(folder: Path) -> list[str]:
    """The stacks of which a back end's folder has a state, whether it can be read or not."""
    files = (folder / ".pulumi" / "stacks" / PROJECT).glob("*.json*")
    return sorted({path.name.removesuffix(".gz").removesuffix(".json") for path in files if _is_state(path)})


def _is_state(path: Path) -> bool:
    return path.name.endswith((".json", ".json.gz"))


def cut_off(deployment: Mapping[str, Any]) -> list[CutOff]:
    """The unfinished operations in a state: pending ones first, then notes, each in the state's order."""
    pending = [
        CutOff(operation["type"], operation["resource"]["urn"])
        for operation in deployment.get("pending_operations") or []
        if is_in_a_cloud(operation["resource"])
    ]
    notes = [note_of(resource) for resource in deployment.get("resources") or []]
    return list(dict.fromkeys([*pending, *(note for note in notes if note is not None)]))


def outputs_in(deployment: Mapping[str, Any]) -> Mapping[str, Any]:
    """The outputs of a stack by the deployment in its state; none where there was no update."""
    roots = (each for each in deployment.get("resources") or () if each["type"] == ROOT)
    root: Mapping[str, Any] = next(roots, {})
    return root.get("outputs") or {}


def is_in_a_cloud(record: Mapping[str, Any]) -> bool:
    """Whether a resource of a state exists in a cloud or a cluster: it is neither a component nor a
    provider."""
    return bool(record.get("custom")) and not record["type"].startswith("pulumi:")


def note_of(resource: Mapping[str, Any]) -> CutOff | None:
    """The operation that a note in a state is about; None for a resource that is no note."""
    urn, mark, rest = resource["urn"].rpartition(MARK)
    return CutOff(rest.partition("-")[0], urn) if mark else None


def unfinished(environ: Mapping[str, str], stack: str) -> str:
    """Why a stack must not be updated before a recovery, with the command for that; empty when it may be, or
    when its back end isn't a folder.

    To be called during an update only: that holds the stack's lock, so no other update is still working on
    what the state calls unfinished."""
    url = current_backend(environ)
    folder = folder_of(url) if url is not None else None
    if url is None or folder is None:
        return ""
    found = cut_off(state(folder, stack) or {})
    if not found:
        return ""
    listed = "".join(f"\n  {each}" for each in found)
    return (
        f"An earlier update of {stack} was cut off:{listed}\n"
        "Pulumi would go on as if nothing had been begun. Let pave look first what was\n"
        f"done, then run this again:\n  {recovery_command(folder, url, stack)}"
    )


def recovery_command(folder: Path, url: str, stack: str) -> str:
    """The command that recovers a stack: by its state folder when the back end is a local cloud's, else by
    URL."""
    state_ = folder.parent.parent
    if folder == state_ / "pulumi" / "backend" and (state_ / "pulumi" / "passphrase").is_file():
        return f"pave recover {stack} --state {quote(str(state_))}"
    where = f"PULUMI_BACKEND_URL={quote(url)} PAVE_SECRETS_PROVIDER=passphrase"
    return f"{where} pave recover {stack} --cloud gcp"


def current_backend(environ: Mapping[str, str]) -> str | None:
    """The URL of the back end that the CLI is logged in to, for a program that it runs; None when it isn't
    known.

    https://www.pulumi.com/docs/iac/concepts/state-and-backends/#pulumi-credentials"""
    if environ.get("PULUMI_BACKEND_URL"):
        return environ["PULUMI_BACKEND_URL"]
    home = Path(environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    path = Path(environ.get("PULUMI_CREDENTIALS_PATH") or home) / "credentials.json"
    try:
        current = json.loads(path.read_text("utf-8")).get("current")
    except (OSError, ValueError, AttributeError):
        return None
    return current if isinstance(current, str) and urlsplit(current).scheme else None
