"""A fault in a text: where it is, and how to say so on one line."""


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


def shown(text: str) -> str:
    """The start of a text between backquotes, on one line."""
    return f"`{printable(text if len(text) <= 60 else text[:59] + '…')}`"
