"""What a screen can show: its width, whether it has colour, and the text of the files to quote."""

import functools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog.yaml.fault import printable
from pave.finding import place, repository_of
from policies.wording import Line, Style, fitted

if TYPE_CHECKING:
    from rich.console import Console

    from policies.rule import Rule

WIDTH = 80
NARROWEST = 40
WIDEST = 120
"""Columns beyond which running text is hard to read, on a screen that has more."""
STYLES: dict[Style, dict[str, Any]] = {
    "good": {"fg": "green", "bold": True},
    "bad": {"fg": "red", "bold": True},
    "place": {"fg": "cyan"},
    "plain": {},
    "faint": {"dim": True},
    "command": {},
    "quoted": {"dim": True},
    "mark": {"fg": "red", "bold": True},
}


def styled(lines: Iterable[Line], *, colour: bool) -> str:
    """Lines as text, in colour or without."""
    if not colour:
        return "".join(line.text + "\n" for line in lines)
    return "".join(click.style(line.text, **STYLES[line.style]) + "\n" for line in lines)


class Page:
    """Where a report is written. `lines` gives the lines of a file of the catalog by its path there, and
    `root` is how the reader calls the catalog's folder. `rules` are those that were asked. `unjudged` gives
    the lines of a file that no rule has looked for secrets in, without them; by default there are none."""

    def __init__(
        self,
        lines: Callable[[str], list[str]],
        root: Path,
        *,
        colour: bool,
        width: int = WIDTH,
        rules: Mapping[str, "Rule"] | None = None,
        unjudged: Callable[[str], list[str]] = lambda _: [],
    ) -> None:
        self.lines = functools.cache(lines)
        self.unjudged = functools.cache(unjudged)
        self.root = root
        self.colour = colour
        self.width = width
        self.rules = rules or {}

    @functools.cached_property
    def repository(self) -> Path:
        """As `repository_of` gives it."""
        return repository_of(self.root)

    def place(self, document: str) -> str:
        """`catalog/services/portal.yaml`, as an editor opens it from where the reader is; on one line,
        whatever it is called."""
        return printable(place(self.root, document))

    def in_repository(self, document: str) -> str:
        """`catalog/services/portal.yaml`, from the repository's root, wherever the reader is."""
        return Path(os.path.relpath(self.root.resolve() / document, self.repository)).as_posix()

    def in_file(self) -> "Page":
        """The same page for a file: without colour, as wide as any."""
        return Page(self.lines, self.root, colour=False, rules=self.rules, unjudged=self.unjudged)

    def text(self, lines: Iterable[Line]) -> str:
        """Lines as text, in colour where there is colour, wrapped where they are longer than the page is
        wide."""
        return styled(fitted(lines, self.width), colour=self.colour)

    def console(self) -> "Console":
        """A console of this page's width and colour that collects what is printed."""
        return new_console(colour=self.colour, width=self.width)


def new_console(*, colour: bool, width: int) -> "Console":
    """A console that collects what is printed; `export` returns it."""
    from io import StringIO

    from rich.console import Console

    return Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
    )


def export(console: "Console") -> str:
    """All that was printed to a page's console, without blanks at the ends of lines."""
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.split("\n"))


def has_colour() -> bool:
    """Whether standard output is a terminal that wants colour (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def screen_width() -> int:
    """What `COLUMNS` says, else the columns of the screen, at most 120; at least 40. 80 when neither says."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and len(said) < 10 and int(said):
        return max(NARROWEST, int(said))
    if not sys.stdout.isatty():
        return WIDTH
    import shutil

    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDTH, 24)).columns))


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Says on standard error what takes a while, when that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(file=sys.__stderr__).status(doing):  # it moves the cursor, which no other output may
        yield


def shown(path: Path) -> str:
    """A path as the reader would type it from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
