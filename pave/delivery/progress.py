"""Progress of an update or a destroy: on a terminal also what is running; everywhere else only finished
steps."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from pave.terminal import Page
from policies.wording import Line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Display:
    """Prints a line for each step that ended; with `live`, also shows the steps that are running, with the
    seconds since they began.

    A context manager: it shows running steps while it is entered. `doing` is the title, as in
    `Updating service.x.production`. Its methods may be called from several threads."""

    def __init__(self, page: Page, doing: str, *, live: bool) -> None:
        self._page = page
        self._doing = doing
        self._progress = _progress() if live else None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """Starts the live part."""
        if self._progress is not None:
            self._progress.start()
            self._progress.add_task(self._doing)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Removes the live part; the printed lines stay."""
        if self._progress is not None:
            self._progress.stop()

    def began(self, key: str, words: str) -> None:
        """A step has begun: `key` identifies it until `ended`, `words` are shown for it."""
        if self._progress is not None:
            self._tasks[key] = self._progress.add_task(words)

    def ended(self, key: str, line: Line) -> None:
        """The step `key` has ended, well or not: `line` says so."""
        if self._progress is not None and key in self._tasks:
            self._progress.remove_task(self._tasks.pop(key))
        self.say(line)

    def say(self, line: Line) -> None:
        """Prints a line, above the steps that are running."""
        text = self._page.text([line])
        if self._progress is None:
            click.echo(text, nl=False)
            sys.stdout.flush()  # a pipeline's log is read while it grows
            return
        from rich.text import Text

        self._progress.console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=True)


def _progress() -> "Progress":
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    return Progress(*columns, transient=True, refresh_per_second=4)
