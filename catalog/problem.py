"""What is wrong with a document, said to the person who can fix it."""

import msgspec


class Problem(msgspec.Struct, frozen=True, rename="camel", order=True):
    """One thing wrong with one document before any rule sees it.

    `rule` is `schema/<keyword>` for the shape and `catalog/<what>` for what several files say together;
    `path` is for people (`spec.stores[db].kind`); `line` and `column` count from 1.
    `fingerprint` is given when it is reported: the same on the day when its line has moved;
    `is_known` when a baseline has it."""

    document: str
    line: int
    column: int
    rule: str
    path: str
    message: str
    why: str
    fix: str
    fingerprint: str = ""
    is_known: bool = False

    def __str__(self) -> str:
        return f"{self.document}:{self.line}:{self.column}: {self.message} {self.fix}".rstrip()
