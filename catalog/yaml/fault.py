"""A fault in a text: where it is, and how to say so on one line."""

import re

from catalog.hidden import HIDDEN


class TextError(Exception):
    """What is wrong at the character `index` of the text; the reader makes an Unusable of it."""

    def __init__(self, index: int, what: str, fix: str) -> None:
        super().__init__(index, what, fix)
        self.index = index
        self.what = what
        self.fix = fix


def position(source: str, index: int) -> tuple[int, int]:
    """Line and column of a character as editors count: a line ends with CR LF, LF or a lone CR."""
    before = source[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def printable(text: str) -> str:
    """One line that a terminal shows as it is."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


_MAY_BE_SECRET = re.compile(r"\S{20}|(?=\S*\d)\S{8}")
"""A word that is long, or has a digit and isn't short. No rule judges a text that can't be read."""


def shown(text: str) -> str:
    """The start of a text between backquotes, on one line; dots for one that may hold a secret. Where it
    stands, its reader can see it."""
    if _MAY_BE_SECRET.search(text):
        return "`••••••••`"
    return f"`{printable(text if len(text) <= 60 else text[:59] + '…')}`"


def visible(text: str) -> str:
    """A text of any number of lines, in which nothing controls a terminal, hides, or turns the rest round."""
    return HIDDEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
