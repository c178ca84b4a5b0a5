"""Folders of derived files that only this user can write to: what is found in one was put there by us."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOME = Path(__file__).resolve().parent

_DIGEST = hashlib.sha256().digest_size


def cache_directory() -> Path:
    """Where derived files are kept between runs: `$XDG_CACHE_HOME/pave` or `~/.cache/pave`
    (https://specifications.freedesktop.org/basedir-spec/latest/)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base) / "pave" if base and Path(base).is_absolute() else Path.home() / ".cache" / "pave"


def code_directory() -> Path:
    """Where the gate keeps the rules' machine code: beside Python's compiled files of this very code. Whoever
    can write there runs code in the gate anyway, and no variable of the environment leads elsewhere."""
    return HOME / "__pycache__" / "wasm"


class PrivateFolder:
    """Files by name in the folder `path`, which is made, like what lacks above it, with mode 0700 when there
    is something to write. It holds the `most` files that were last of use.

    A folder or a file that isn't this user's, is open to others or is a link is left alone. Nobody else can
    change what is in there, so a plain digest in front of each file tells what was cut short or damaged; it
    covers the name, so that no file passes for another. A folder that can't be used is no error: nothing is
    found in it, and nothing is kept.

    `spoilt` has the names of files that were there and not as they had been written."""

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self.spoilt: set[str] = set()
        self._most = most

    def read(self, name: str) -> bytes | None:
        """What was written under a name; None if that isn't there, or not whole."""
        with (
            suppress(OSError),
            self._opened() as folder,
            open(name, "rb", buffering=0, opener=_below(folder)) as file,
        ):
            if not _is_ours_alone(file.fileno()):
                return None
            digest, content = file.read(_DIGEST), file.readall()
            if digest == _digest(name, content):
                with suppress(OSError):  # where nothing can be written
                    os.utime(file.fileno())
                return content
            self.spoilt.add(name)
        return None

    def write(self, name: str, content: bytes) -> None:
        """Keeps a content under a name, whole or not at all, in place of what had that name."""
        with suppress(OSError):
            _make(self.path)
        with suppress(OSError), self._opened() as folder:
            unfinished = f".{os.urandom(16).hex()}"
            try:
                with open(unfinished, "xb", opener=_below(folder)) as file:
                    file.write(_digest(name, content))
                    file.write(content)
                os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with suppress(OSError):
                    os.unlink(unfinished, dir_fd=folder)
                raise
            self._forget(folder)

    def _forget(self, folder: int) -> None:
        """Removes what was longest of no use, and what a writer that was killed has left there."""
        with os.scandir(folder) as entries:
            files = [entry for entry in entries if not entry.is_dir(follow_symlinks=False)]
        files.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
        for entry in files[: -self._most]:
            os.unlink(entry.name, dir_fd=folder)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The folder as a descriptor, so that it stays the one that was looked at. Raises OSError when it
        isn't one, or not ours alone."""
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if not _is_ours_alone(folder):
                raise PermissionError(f"{self.path} is open to others")
            yield folder
        finally:
            os.close(folder)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _below(folder: int) -> Callable[[str, int], int]:
    """How `open` opens a name in a folder: no link, and a new file for nobody but us."""
    return lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600, dir_fd=folder)


def _is_ours_alone(descriptor: int) -> bool:
    status = os.fstat(descriptor)
    return status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _digest(name: str, content: bytes) -> bytes:
    digest = hashlib.sha256(name.encode())
    digest.update(content)
    return digest.digest()
