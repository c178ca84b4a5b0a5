"""Changed texts on their way out: as a diff to look at, or into the files that they are from."""

import difflib
import os
import tempfile
from pathlib import Path

NO_LINE_BREAK = b"\n\\ No newline at end of file\n"


class FileChanged(Exception):
    """Somebody else has changed a file in the meantime. Holds its path."""


def unified_diff(name: str, before: bytes, after: bytes) -> bytes:
    """How two texts differ, for `git apply` and `patch -p1`; empty if they don't."""
    old, new = f"a/{name.lstrip('/')}".encode(), f"b/{name.lstrip('/')}".encode()
    found = difflib.diff_bytes(difflib.unified_diff, _lines(before), _lines(after), old, new)
    return b"".join(line if line.endswith(b"\n") else line + NO_LINE_BREAK for line in found)


def _lines(text: bytes) -> list[bytes]:
    """Lines as diffs have them: they end with LF, whatever else is in them."""
    *whole, rest = text.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Writes a file whole or not at all, with the mode that it has. A link stays one.

    Raises OSError, and FileChanged when the file no longer holds `before`."""
    place = path.resolve()
    if place.read_bytes() != before:
        raise FileChanged(path)
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(after)
            os.fchmod(file.fileno(), place.stat().st_mode & 0o7777)
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(place)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
