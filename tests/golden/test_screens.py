"""What commands show at 60, 80 and 100 columns and in a pipe: no word and no figure is ever cut."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.cli import pave as program
from pave.terminal import Page
from policies.wording import Line
from tests.command import pave

pytestmark = pytest.mark.slow

SCREENS = Path(__file__).parent / "screens"
WIDTHS = (60, 80, 100)
DAY = ("--today", "2026-11-21")
COMMANDS = {
    "availability": ("availability", "customersdot"),
    "budget": ("budget", "customersdot", "--from", "tests/budgets/customersdot.json"),
    "check": ("check", "lunch-menu", "usage-api", *DAY),
    "check-blocked": ("check", "catalog/examples/customersdot-today.yaml", *DAY),
    "cloud-kinds": ("cloud", "kinds"),
    "explain": ("explain", "reliability/alerts-can-fire"),
    "explain-all": ("explain",),
    "fix": ("fix", "catalog/examples/customersdot-today.yaml", "--diff", *DAY),
    "maturity": ("maturity",),
    "monitor": ("monitor", "show", "customersdot"),
    "maturity-of-one": ("maturity", "customersdot"),
    "plan": ("plan", "lunch-menu", *DAY),
    "plan-of-all-units": ("plan", "global", *DAY),
    "plan-of-a-unit": ("plan", "unit.production", *DAY),
    "schema": ("schema",),
}
"""By the name of their folder, those that need no engine; the others print by the same pages."""


def shown(home: Path, width: int | None, *words: str) -> str:
    """All that a command prints; in a pipe, where there is no width."""
    where = {"COLUMNS": ""} if width is None else {"COLUMNS": str(width)}
    return pave(home, *words, **where).output


def cut(text: str, whole: str) -> Counter[str]:
    """The words of a screen that another, on which all had room, doesn't have. Lines that are quoted from a
    file, and marked so, may be cut where a screen ends, between their words."""
    words = Counter(word for line in text.splitlines() if "…" not in line for word in line.split())
    return words - Counter(whole.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_screens_of_a_command(home: Path, golden: Callable[[Path, str], None], name: str) -> None:
    whole = shown(home, 1000, *COMMANDS[name])
    for width in WIDTHS:
        text = shown(home, width, *COMMANDS[name])
        golden(SCREENS / name / f"{width}.txt", text)
        assert not cut(text, whole), width
    assert shown(home, None, *COMMANDS[name]) == (SCREENS / name / "80.txt").read_text("utf-8")


def commands(at: click.Context) -> Iterator[tuple[str, ...]]:
    """The words of every command, and of every one below it."""
    group = at.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(at):
        found = group.get_command(at, name)
        assert found is not None
        yield (name,)
        if isinstance(found, click.Group):
            below = click.Context(found, info_name=name, parent=at)
            yield from ((name, *words) for words in commands(below))


HELP = """
import json, sys
from click.testing import CliRunner
from pave.cli import pave
asked = json.load(sys.stdin)
print(json.dumps([CliRunner().invoke(pave, words, prog_name="pave").output for words in asked]))
"""


def helps(home: Path, width: int, asked: Sequence[Sequence[str]]) -> list[str]:
    """The help that each of some command lines gives, in a process of its own: a command keeps the names of
    the option for help by which it was asked first."""
    done = subprocess.run(
        [sys.executable, "-c", HELP],
        cwd=home,
        env={**os.environ, "COLUMNS": str(width)},
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    pages: list[str] = json.loads(done.stdout)
    return pages


@pytest.mark.parametrize("width", WIDTHS)
def test_the_help_screens(home: Path, golden: Callable[[Path, str], None], width: int) -> None:
    every = [(), *sorted(commands(click.Context(program, info_name="pave")))]
    pages = helps(home, width, [("help", *words) for words in every])
    golden(SCREENS / "help" / f"{width}.txt", "\n".join(pages))
    assert pages == helps(home, width, [(*words, "--help") for words in every])
    wide = helps(home, 1000, [("help", *words) for words in every])
    assert [words for words, page, whole in zip(every, pages, wide, strict=True) if cut(page, whole)] == []


WORDS = st.text("abc…[]-/", min_size=1, max_size=20)


@given(words=st.lists(WORDS, max_size=30), width=st.integers(40, 120), indent=st.integers(0, 6))
def test_a_line_of_a_page_is_wrapped_between_words(words: list[str], width: int, indent: int) -> None:
    page = Page(lambda _: [], Path("catalog"), colour=False, width=width)
    text = page.text([Line("plain", " " * indent + " ".join(words))])
    assert text.split() == words
    assert all(len(line) <= width for line in text.splitlines())
    whole = page.text([Line("command", " ".join(words))])
    assert whole == " ".join(words) + "\n"
