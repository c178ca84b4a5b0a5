"""A back end in a folder, as Pulumi lays it out: where a stack's state and its locks are.

https://www.pulumi.com/docs/iac/concepts/state-and-backends/#local-filesystem"""

import json
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from catalog.document import Json
from stacks.stack import PROJECT

MARK = "~cut-off-while-"
"""Between the name of a resource and what was being done to it, in the URN of a note: see `CutOff`."""

STALE = 10.0
"""Seconds after which nobody is still writing a file of a hundred bytes."""


class CutOff(NamedTuple):
    """Something that an update had begun when it was cut off: `doing` is `creating`, `updating`, `deleting`,
    `reading` or `importing`.

    It stands in a state as a pending operation; or, from when somebody looks into it until it is settled,
    as a note: a resource that nobody manages, beside the real one."""

    doing: str
    urn: str

    def __str__(self) -> str:
        type_ = self.urn.split("::")[2].rpartition("$")[2]
        return f"{self.urn.split('::', 3)[3]} ({type_}) while {self.doing}"


def folder_of(url: str) -> Path | None:
    """The folder of a back end `file://…`; None for any other."""
    if not url.startswith("file://"):
        return None
    path = unquote(url.removeprefix("file://").partition("?")[0])
    return Path(path).expanduser().absolute()


def locks(folder: Path, stack: str) -> list[Path]:
    """The files that each lock a stack; the engine writes them while it works."""
    return sorted(_locks(folder, stack).glob("*.json"))


def _locks(folder: Path, stack: str) -> Path:
    return folder / ".pulumi" / "locks" / "organization" / PROJECT / stack


def mend(url: str, stack: str, now: float) -> list[Path]:
    """Removes what an engine left half written when it was killed, which would stop every later command, and
    gives it. `now` is the time in seconds since the epoch.

    The engine writes a file whole or not at all, but beside it one with its attributes (`.attrs`), and that
    it doesn't: https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go. Without one a file has
    the usual attributes. And it takes what was to become a lock for a lock."""
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
    """What the back end holds of a stack; None when it has none, or none that is read here: a compressed or a
    broken one is the engine's to read."""
    try:
        text = (folder / ".pulumi" / "stacks" / PROJECT / f"{stack}.json").read_bytes()
        latest: Json | None = json.loads(text)["checkpoint"].get("latest")
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return latest or {}


def cut_off(deployment: Mapping[str, Any]) -> list[CutOff]:
    """What is unfinished in a state, in its order: operations that nobody heard the end of, and notes."""
    pending = [
        CutOff(operation["type"], operation["resource"]["urn"])
        for operation in deployment.get("pending_operations") or []
        if is_in_a_cloud(operation["resource"])
    ]
    notes = [note_of(resource) for resource in deployment.get("resources") or []]
    return list(dict.fromkeys([*pending, *(note for note in notes if note is not None)]))


def is_in_a_cloud(record: Mapping[str, Any]) -> bool:
    """Whether a resource is more than the engine's own: no component, no provider."""
    return bool(record.get("custom")) and not record["type"].startswith("pulumi:")


def note_of(resource: Mapping[str, Any]) -> CutOff | None:
    """What a note in a state is about; None for a real resource."""
    urn, mark, rest = resource["urn"].rpartition(MARK)
    return CutOff(rest.partition("-")[0], urn) if mark else None


def unfinished(environ: Mapping[str, str], stack: str) -> str:
    """Why a stack must not be updated yet, with the command to go on; empty when it may, or when its back end
    can't be looked at from here. Only for an update: it holds the lock, so what the state says is unfinished
    is nobody's any more."""
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
        f"done, then run this again:\n  {_command(folder, url, stack)}"
    )


def _command(folder: Path, url: str, stack: str) -> str:
    """A local cloud of pave's keeps its back end in its own folder; any other has to be named."""
    state_ = folder.parent.parent
    if folder == state_ / "pulumi" / "backend" and (state_ / "pulumi" / "passphrase").is_file():
        return f"pave recover {stack} --state {quote(str(state_))}"
    where = f"PULUMI_BACKEND_URL={quote(url)} PAVE_SECRETS_PROVIDER=passphrase"
    return f"{where} pave recover {stack} --cloud gcp"


def current_backend(environ: Mapping[str, str]) -> str | None:
    """The back end that the CLI is logged in to, for a program that runs under it.

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
