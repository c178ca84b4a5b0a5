"""What people get wrong in a service's file, and what they are told: `answers/` is made of `rows.yaml`, for
reviewers to read.

One mistake gets one answer, in the words of the file, at its place."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.yaml.text import parse
from tests.command import pave

HERE = Path(__file__).parent
BASE = (HERE / "base/service.yaml").read_text()
ROWS: dict[str, list[dict[str, str]]] = parse((HERE / "rows.yaml").read_bytes(), "rows.yaml").data

Golden = Callable[[Path, str], None]


def answer(home: Path, text: str, folder: Path) -> tuple[int, list[str]]:
    """The exit code of a check of this file, and what stops the service: where, and in which words."""
    path = folder / "shop.yaml"
    path.write_text(text)
    run = pave(home, "check", str(path), "--today", "2026-11-28", "--format", "json")
    return run.exit_code, list(dict.fromkeys(_said(json.loads(run.stdout))))


def _said(report: Any) -> Iterator[str]:
    for each in report["unusable"]:
        yield f"{each['line']}:{each['column']} {each['message']}. {each['fix']}"
    for each in report["problems"]:
        yield f"{each['line']}:{each['column']} {each['rule']}: {each['message']} {each['fix']}"
    for decision in report["decisions"]:
        for each in decision["findings"]:
            if each["blocking"]:
                yield f"{each['line']}:{each['column']} {each['rule']}: {each['message']}"


@pytest.mark.slow
@pytest.mark.parametrize("group", ROWS)
def test_a_mistake_is_answered_as_the_table_says(
    home: Path, group: str, golden: Golden, tmp_path: Path
) -> None:
    lines = []
    for row in ROWS[group]:
        assert BASE.count(row["for"]) >= 1, row
        code, said = answer(home, BASE.replace(row["for"], row["write"], 1), tmp_path)
        lines += [
            f"- {row['for']!r} -> {row['write']!r}",
            f"  exit {code}",
            *(f"    {line}" for line in said),
        ]
    golden(HERE / f"answers/{group.replace(' ', '-')}.txt", "\n".join([*lines, ""]))


def test_what_is_all_right_is_allowed(home: Path, tmp_path: Path) -> None:
    assert answer(home, BASE, tmp_path) == (0, [])
