"""How every command ends: the one table of exit codes."""

from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command ends with, for scripts and pipelines."""

    OK = 0
    NO = 1
    UNUSABLE = 2
    WAITS = 3
    STOPPED = 130
    UNREAD = 141


MEANINGS: Mapping[ExitCode, tuple[str, str]] = {
    ExitCode.OK: ("ok", "done or nothing to do; allowed, clear, as left"),
    ExitCode.NO: (
        "no",
        "blocked, refused, failed or drifted; something is wrong in the specs that were asked about",
    ),
    ExitCode.UNUSABLE: (
        "unusable",
        "no answer: the usage is wrong, a file can't be read, nobody is there to ask or to answer",
    ),
    ExitCode.WAITS: ("waits", "nothing is wrong, and something waits for somebody, or isn't known"),
    ExitCode.STOPPED: ("stopped", "by Ctrl-C; the same command goes on from there"),
    ExitCode.UNREAD: ("unread", "whoever read the output has closed it"),
}
"""In a word, and what it may be. The last two are what shells show of a signal: 128 and its number
(https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html)."""


def table() -> str:
    """The table in Markdown."""
    rows = [f"| {code.value} | {word} | {what} |" for code, (word, what) in MEANINGS.items()]
    return "\n".join(("| exit | in a word | what it means |", "| --- | --- | --- |", *rows)) + "\n"
