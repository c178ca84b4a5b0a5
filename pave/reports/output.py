"""The formats of reports: a module in `pave/reports/formats/` is a format; nothing lists them.

A format has `render(report, page)`, which gives the whole text, and may have `FILES`, the patterns of the
names of files that hold it (https://docs.python.org/3/library/fnmatch.html).
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pave.files import replace_file
from pave.options import formats
from pave.plain import told
from pave.refused import Refused

if TYPE_CHECKING:
    from pave.reports.model import Report
    from pave.terminal import Page


class Output(NamedTuple):
    """A file that a report is written to."""

    format: str
    path: Path


def outputs(wanted: Iterable[str], only: Sequence[str] = ()) -> list[Output]:
    """What `--output` asks for: `FORMAT=FILE`, or a file whose name says its format. A report that has `only`
    some formats, of its own, is asked for by their names. Raises Refused."""
    found = [_named(word, only) if only else _output(word) for word in wanted]
    for index, output in enumerate(found):
        if output.path in [other.path for other in found[:index]]:
            raise Refused(f"Two reports can't both be written to {output.path}.")
    return found


def render(format_: str, report: "Report", page: "Page") -> str:
    """A report in one format."""
    text: str = import_module(f"pave.reports.formats.{format_}").render(told(report), page)
    return text


def write(wanted: Sequence[Output], report: "Report", page: "Page") -> None:
    """Writes a report to files, all or none being rendered. Raises Refused when one can't be written."""
    plain = page.in_file()
    texts = [render(output.format, report, plain) for output in wanted]
    for output, text in zip(wanted, texts, strict=True):
        write_file(output.path, text)


def write_file(path: Path, text: str) -> None:
    """Writes a text file whole or not at all, with the folders above it: a reader meets the old one or the
    new one. A pipe or a device, where there is nothing to replace, is written to. Raises Refused."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")
        else:
            path.resolve().parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode())
    except (OSError, RuntimeError) as error:  # links in a circle are a RuntimeError
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"{path} can't be written: {reason}.") from error


def _named(word: str, known: Sequence[str]) -> Output:
    named, _, path = word.partition("=")
    if named not in known or not path:
        raise Refused(f"`--output {word}` is not FORMAT=FILE; the formats are {', '.join(known)}.")
    return Output(named, Path(path))


def _output(word: str) -> Output:
    named, equals, _ = word.partition("=")
    known = formats()
    if equals and "/" not in named:
        return _named(word, known)
    path = Path(word)
    patterns = {pattern: name for name in known for pattern in _patterns(name)}
    fitting = [pattern for pattern in patterns if fnmatchcase(path.name.lower(), pattern)]
    if not fitting:
        shown = ", ".join(sorted(patterns))
        raise Refused(
            f"The name of `{word}` does not say in which format to write it (known: {shown}). "
            f"Write `--output FORMAT={word}` with one of {', '.join(known)}."
        )
    return Output(patterns[max(fitting, key=len)], path)


def _patterns(format_: str) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(import_module(f"pave.reports.formats.{format_}"), "FILES", ())
    return found
