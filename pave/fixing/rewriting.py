"""Changed texts as a diff to look at."""

import difflib
from collections.abc import Callable
from typing import NamedTuple

CONTEXT = 3
"""Lines around a change, as git has them."""

NO_LINE_BREAK = b"\n\\ No newline at end of file\n"


class ShownDiff(NamedTuple):
    """A diff, and in a sentence what isn't as in any other; empty when nothing is."""

    text: bytes
    note: str


def quotable_diff(
    name: str, before: bytes, after: bytes, covered: Callable[[bytes], bytes | None]
) -> ShownDiff | None:
    """How two texts differ, without the secrets in them: with fewer lines around a change where one of these
    holds a secret, so that it can still be applied; covered where a changed line does. `covered` gives a text
    with its secrets covered, as many lines as before. None where it can't tell."""
    shown_before, shown_after = covered(before), covered(after)
    if shown_before is None or shown_after is None:
        return None
    shown = b""
    for context in range(CONTEXT, -1, -1):
        diff = unified_diff(name, before, after, context)
        shown = unified_diff(name, shown_before, shown_after, context)
        if shown != diff:
            continue
        bare = "The lines around some changes hold secrets and are left out: `git apply --unidiff-zero`."
        return ShownDiff(diff, "" if context else bare)
    return ShownDiff(shown, f"{name} can't be patched with this: secrets in changed lines are covered.")


def unified_diff(name: str, before: bytes, after: bytes, context: int = CONTEXT) -> bytes:
    """How two texts differ, for `git apply` and `patch -p1`; empty if they don't. `context` is the number of
    lines around a change."""
    old, new = f"a/{name.lstrip('/')}".encode(), f"b/{name.lstrip('/')}".encode()
    found = difflib.diff_bytes(difflib.unified_diff, _lines(before), _lines(after), old, new, n=context)
    return b"".join(line if line.endswith(b"\n") else line + NO_LINE_BREAK for line in found)


def _lines(text: bytes) -> list[bytes]:
    """Lines as diffs have them: they end with LF, whatever else is in them."""
    *whole, rest = text.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]
