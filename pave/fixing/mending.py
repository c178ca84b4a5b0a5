"""What came of mending: the values that were written, and the findings that are left to their owner."""

from typing import NamedTuple

from catalog.document import Document
from catalog.problem import Problem
from policies.decision import Finding


class Fix(NamedTuple):
    """A value that was written: the finding that asked for it, where the value stands now, and what stood
    there before (None: nothing, and a default held). `environment` is the only one it is for, if it is."""

    finding: Finding
    environment: str | None
    line: int
    column: int
    was: str | None
    now: str


class Left(NamedTuple):
    """A finding that is still there, and why the value that it asks for was not written, in sentences; empty
    when it asks for none."""

    finding: Finding
    reason: str


class Mending(NamedTuple):
    """What was mended in `documents` (the new ones, by path) and what was not.

    `problems` kept some documents from being judged. `blocking` counts the findings that still block."""

    documents: dict[str, Document]
    fixes: list[Fix]
    left: list[Left]
    problems: list[Problem]
    blocking: int
