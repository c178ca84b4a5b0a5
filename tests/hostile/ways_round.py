"""The rows of `edits.yaml`, and the page that says of every known way past the gate what comes of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from catalog.yaml.text import parse
from tests.hostile.edited import SHOP, Edit

HERE = Path(__file__).parent
PAGE = "policies/WAYS_ROUND.md"

ANSWERS = {
    "blocks": "the check blocks",
    "refused": "the update is refused",
    "said": "said in every report of a check, and decided by the owner",
    "seen": "named by `pave check --target`, for code owners",
    "open": "**open**",
}
"""An answer → the same for people."""


class Row(NamedTuple):
    """One way: the heading it stands under, the trick in words, its edits, what comes of it (`ANSWERS`), by
    which rule or guard, and what stands against it where it is open."""

    group: str
    trick: str
    edits: tuple[Edit, ...]
    answer: str
    by: str
    why: str


def rows() -> list[Row]:
    """All rows of `edits.yaml`."""
    groups = parse((HERE / "edits.yaml").read_bytes(), "edits.yaml").data
    return [
        Row(
            group,
            each["trick"],
            tuple(Edit(one.get("in", SHOP), one["for"], one["write"]) for one in each["edits"]),
            each["answer"],
            each.get("by", ""),
            each.get("why", ""),
        )
        for group, listed in groups.items()
        for each in listed
    ]


def page() -> str:
    """The page, in Markdown."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield from (
        "# Ways round the gate",
        "",
        "<!-- Made by `pytest --update-golden tests/golden` from tests/hostile/. Edit what is there. -->",
        "",
        "Every edit of a catalog that we know of to get something past the gate, and what comes of it; a",
        "test makes each. Ways round the program itself have",
        "[their own table](../stacks/README.md#what-the-gate-covers).",
    )
    listed = rows()
    for group in dict.fromkeys(row.group for row in listed):
        yield from ("", f"## {group.capitalize()}", "", "| way | what comes of it |", "| --- | --- |")
        for row in listed:
            if row.group == group:
                yield f"| {_cell(row.trick)} | {ANSWERS[row.answer]}{_by(row)} |"
    yield from ("", "## Whole files", "", "| way | by |", "| --- | --- |")
    for file in sorted(HERE.glob("*.yaml")):
        text = file.read_text("utf-8")
        by = re.search(r"^# Caught by: (.+)$", text, re.MULTILINE)
        if by is not None and by[1] != "nothing":
            trick, why = file.stem.replace("-", " "), text.partition("\n")[0].removeprefix("# ")
            yield f"| {trick}: {_cell(why)} | {by[1]} |"


def _by(row: Row) -> str:
    return f": {_cell(row.why)}" if row.answer == "open" else f": {row.by}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
