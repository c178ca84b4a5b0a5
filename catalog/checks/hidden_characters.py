"""Characters that a reader of a report does not see, or that make the rest look like something else.

The text of a file has none (`catalog.yaml.text` sees to it), but an escape in double quotes brings them in.
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from catalog.hidden import HIDDEN
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


def hidden_characters(written: Json, text: bytes) -> Iterator[Wrong]:
    """The values of a document in which such a character stands; `text` is the file it was read from."""
    if b"\\" in text or not text.isascii():  # else there is no way in
        yield from _hidden(written, ())


def _hidden(value: Any, at: Pointer) -> Iterator[Wrong]:
    if isinstance(value, str):
        found = HIDDEN.search(value)
        if found:
            what = f"U+{ord(found.group()):04X} is invisible, and can make the rest look like something else."
            yield at, "catalog/hidden-character", what, "Delete it."
    elif isinstance(value, dict | list):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _hidden(part, (*at, step))
