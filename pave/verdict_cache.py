"""Remembers a whole check, so that a catalog in which nothing changed is not judged again.

The key is a digest of everything a verdict can depend on: each file's name and bytes, the rules, the code,
the day and what was asked. So a hit is what a cold run would say, and any edit is a miss. An entry carries
a keyed digest of itself: one that was cut short or changed by other hands is not read.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from catalog.text import Unusable, read
from catalog.validation import kinds
from pave.report import CheckReport

KEPT = 64
"""Entries kept; the oldest go first."""
_DIGEST = 32
CODE = ("catalog", "components/design", "pave", "policies", "stacks")


class _Entry(msgspec.Struct):
    report: CheckReport
    looked_for: dict[str, bool]


class VerdictCache:
    """Reports by key in a folder of our own (mode 0700). A folder that others can write to is not used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "verdicts"

    def find(self, key: str) -> CheckReport | None:
        """The report kept under a key, if it is there and whole, and what it looked for is as it was."""
        secret = self._secret()
        try:
            kept = (self._folder / key).read_bytes()
        except OSError:
            return None
        digest, payload = kept[:_DIGEST], kept[_DIGEST:]
        if secret is None or not hmac.compare_digest(digest, _sign(secret, key, payload)):
            return None
        try:
            entry = msgspec.msgpack.decode(payload, type=_Entry)
        except msgspec.MsgspecError:
            return None
        is_current = all(Path(place).exists() == was for place, was in entry.looked_for.items())
        return entry.report if is_current else None

    def keep(self, key: str, report: CheckReport, looked_for: dict[str, bool]) -> None:
        """Keeps a report, with the places outside the catalog that it looked for. A cache that can't be
        written is no reason to fail."""
        secret = self._secret()
        if secret is None:
            return
        payload = msgspec.msgpack.encode(_Entry(report, looked_for))
        try:
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                file.write(_sign(secret, key, payload) + payload)
            Path(file.name).replace(self._folder / key)
            self._prune()
        except OSError:
            return

    def _prune(self) -> None:
        entries = sorted(self._folder.glob("[0-9a-f]*"), key=lambda path: path.stat().st_mtime)
        for path in entries[:-KEPT]:
            path.unlink(missing_ok=True)

    def _secret(self) -> bytes | None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self._folder.stat()
            if status.st_uid != os.geteuid() or status.st_mode & 0o077:
                return None
            path = self._folder / ".key"
            if not path.exists():
                _create(path, secrets.token_bytes(_DIGEST))
            return path.read_bytes()
        except OSError:
            return None


def key_of(root: Path, extra: Iterable[Path], revision: str, question: object) -> str | None:
    """The digest of all that a check of `root` and `extra` depends on. None when a file can't be read:
    then there is something to say about it, and nothing to remember.

    `question` is what was asked: paths, environment, day."""
    digest = hashlib.blake2b(digest_size=_DIGEST)
    _add(digest, repr(question), revision.encode())
    home = Path(__file__).resolve().parents[1]
    for package in CODE:
        for path in sorted((home / package).rglob("*.py")):
            _add(digest, str(path.relative_to(home)), path.read_bytes())
    for path in sorted((home / "catalog" / "schema").glob("*.json")):
        _add(digest, path.name, path.read_bytes())
    try:
        for path in [*catalog_files(root), *extra]:
            _add(digest, path.as_posix(), read(path, path.as_posix()))
    except Unusable:
        return None
    return digest.hexdigest()


def catalog_files(root: Path) -> list[Path]:
    """The files that a load of the catalog would read, in its order."""
    found: list[Path] = []
    for folder in kinds().values():
        found += sorted(p for p in (root / folder).rglob("*") if p.suffix in {".yaml", ".yml"})
    return found


def _add(digest: "hashlib.blake2b", name: str, content: bytes) -> None:
    digest.update(f"{len(name)}:{name}:{len(content)}:".encode("utf-8", "surrogateescape"))
    digest.update(content)


def _sign(secret: bytes, key: str, payload: bytes) -> bytes:
    return hashlib.blake2b(key.encode() + payload, key=secret, digest_size=_DIGEST).digest()


def _create(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
