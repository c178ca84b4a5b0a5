"""A file that keeps what was found out at some cost, so that the next run need not.

Nothing in it is believed that this user's pave did not write: it lies in a folder of our own (mode 0700) and
carries a keyed digest of all of it. One that was cut short or changed by other hands is not read.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

import msgspec

from policies.private_folder import make_private

FILES = 16
"""Files that a folder keeps, one for each catalog; the oldest go first."""

SPARE = 4 << 20
"""Bytes of entries that a file keeps though the last run had no use for them, beyond as many as it used."""

_DIGEST = 32
_entries = msgspec.msgpack.Decoder(dict[bytes, bytes])


class CacheFile:
    """Values by key, in one file called `name`; with `folder` None they are kept nowhere.

    A folder that can't be used, or is not ours alone, is left alone: that is no reason to fail. `spoilt` is
    the file's path if it is there and not as it was left."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self.spoilt: Path | None = None
        self._folder = folder
        self._name = name
        self._secret = None if folder is None else _secret(folder)
        self._is_new = False
        self._unused = self._read()
        self._used: dict[bytes, bytes] = {}

    def find(self, key: bytes) -> bytes | None:
        """What was kept under a key."""
        value = self._unused.pop(key, None)
        if value is not None:
            self._used[key] = value
        return self._used.get(key)

    def keep(self, key: bytes, value: bytes) -> None:
        """Keeps a value. It is in the file after the next `save`."""
        self._unused.pop(key, None)
        self._used[key] = value
        self._is_new = True

    def save(self) -> None:
        """Writes the file, whole or not at all, if there is something new."""
        if self._folder is None or self._secret is None or not self._is_new:
            return
        payload = msgspec.msgpack.encode(self._spare() | self._used)
        unfinished = self._folder / f".{secrets.token_hex()}"
        with contextlib.suppress(OSError):
            try:
                _create(unfinished, self._signature(self._secret, payload) + payload)
                unfinished.replace(self._folder / self._name)
            finally:
                unfinished.unlink(missing_ok=True)
            self._is_new = False
            kept = sorted(self._folder.glob("[0-9a-f]*"), key=lambda path: path.stat().st_mtime_ns)
            for path in kept[:-FILES]:
                path.unlink(missing_ok=True)

    def _read(self) -> dict[bytes, bytes]:
        if self._folder is None or self._secret is None:
            return {}
        path = self._folder / self._name
        try:
            content = memoryview(path.read_bytes())
        except OSError:
            return {}
        with contextlib.suppress(msgspec.MsgspecError):
            if hmac.compare_digest(content[:_DIGEST], self._signature(self._secret, content[_DIGEST:])):
                return _entries.decode(content[_DIGEST:])
        self.spoilt = path
        return {}

    def _signature(self, secret: bytes, payload: bytes | memoryview) -> bytes:
        digest = hashlib.blake2b(self._name.encode(), key=secret, digest_size=_DIGEST)
        digest.update(payload)
        return digest.digest()

    def _spare(self) -> dict[bytes, bytes]:
        """The entries without a use that are kept for another run: those that were used last."""
        room = SPARE + sum(map(len, self._used.values()))
        kept: dict[bytes, bytes] = {}
        for key, value in reversed(self._unused.items()):
            room -= len(value)
            if room < 0:
                break
            kept[key] = value
        return dict(reversed(kept.items()))


def _secret(folder: Path) -> bytes | None:
    """The key of a folder of our own, made when there is none."""
    try:
        make_private(folder)
        status = folder.stat()
        if status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return None
        path = folder / ".key"
        if not path.exists():
            _create(path, secrets.token_bytes(_DIGEST))
        found = path.read_bytes()
    except OSError:
        return None
    return found if len(found) == _DIGEST else None


def _create(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
