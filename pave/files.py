"""Files of which everybody meets the whole or none, and one process at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class FileChanged(Exception):
    """Somebody else has changed a file in the meantime. Holds its path."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Waits until no other process is inside with the same file `path`, which is made and stays.

    Whoever is killed inside isn't waited for."""
    import fcntl

    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def replace_file(path: Path, content: bytes, *, before: bytes | None = None) -> None:
    """Writes a file whole or not at all: a reader, and whoever looks after a crash, meets the old one or the
    new one. A link stays one, and a file that is there keeps its mode. With `before`, only a file that holds
    just that is written.

    Raises OSError (RuntimeError for links in a circle, on older Pythons), and FileChanged when the file
    doesn't hold `before`."""
    place = path.resolve()
    if before is not None and place.read_bytes() != before:
        raise FileChanged(path)
    kept = place.stat().st_mode & 0o7777 if place.exists() else None
    with _unfinished(place, content, 0o666 if kept is None else kept) as made:
        if kept is not None:
            made.chmod(kept)
        made.replace(place)


def create_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Writes a file that isn't there yet, whole or not at all; with `private` nobody else may read it.

    Raises OSError, and that is FileExistsError when it is there, even if somebody else makes it just now."""
    with _unfinished(path, content, 0o600 if private else 0o666) as made:
        os.link(made, path)


def unversioned(folder: Path) -> None:
    """Makes a folder, with those above it, that git passes over. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / ".gitignore", b"*\n")


@contextmanager
def _unfinished(place: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A file beside `place` that holds the content, until it is moved; its mode is what the umask leaves."""
    made = place.with_name(f".{os.urandom(16).hex()}")
    try:
        with open(made, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield made
    finally:
        with suppress(OSError):
            made.unlink()
