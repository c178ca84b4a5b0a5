"""A file of values that were found out at some cost, so that the next run need not; and which of them to
forget."""

from contextlib import suppress
from pathlib import Path

import msgspec

from policies.private_folder import PrivateFolder

FILES = 16
"""Files that a folder keeps, one for each catalog; those that were longest of no use go first."""

SPARE = 4 << 20
"""Bytes of entries that a file keeps though the last run had no use for them, beyond as many as it used."""

_entries = msgspec.msgpack.Decoder(dict[bytes, bytes])


class CacheFile:
    """Values by key, in one file called `name`; with `folder` None they are kept nowhere.

    The folder is a `PrivateFolder`: one that can't be used, or is not ours alone, is left alone. `spoilt` is
    the file's path if it is there and not as it was left; nothing in it is believed then."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self._folder = None if folder is None else PrivateFolder(folder, FILES)
        self._name = f"{name}.entries"
        self._is_new = False
        self._unused = self._read()
        self._used: dict[bytes, bytes] = {}

    @property
    def spoilt(self) -> Path | None:
        """The file's path if it was cut short or changed; None if it is as it was left, or not there."""
        if self._folder is None or self._name not in self._folder.spoilt:
            return None
        return self._folder.path / self._name

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
        if self._folder is None or not self._is_new:
            return
        self._folder.write(self._name, msgspec.msgpack.encode(self._spare() | self._used))
        self._is_new = False

    def _read(self) -> dict[bytes, bytes]:
        content = None if self._folder is None else self._folder.read(self._name)
        with suppress(msgspec.MsgspecError):  # whole, and written by another version
            return {} if content is None else _entries.decode(content)
        return {}

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
