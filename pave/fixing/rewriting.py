"""Changed texts as a diff to look at."""

import difflib

NO_LINE_BREAK = b"\n\\ No newline at end of file\n"


def unified_diff(name: str, before: bytes, after: bytes) -> bytes:
    """How two texts differ, for `git apply` and `patch -p1`; empty if they don't."""
    old, new = f"a/{name.lstrip('/')}".encode(), f"b/{name.lstrip('/')}".encode()
    found = difflib.diff_bytes(difflib.unified_diff, _lines(before), _lines(after), old, new)
    return b"".join(line if line.endswith(b"\n") else line + NO_LINE_BREAK for line in found)


def _lines(text: bytes) -> list[bytes]:
    """Lines as diffs have them: they end with LF, whatever else is in them."""
    *whole, rest = text.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]
