"""A fingerprint is the finding's own: no line that moves and no order of files changes it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from catalog.yaml.parsed import Unusable
from catalog.yaml.text import parse
from pave.commands.plan import command as plan
from pave.options import formats
from pave.reports.model import entries
from tests.laws import law
from tests.shipped import NAMED_BY_SERVICES

Judged = Callable[..., Any]


def fingerprints(made: Any) -> list[str]:
    return sorted(entry.fingerprint for entry in entries(made.report))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, shipped: Path, broken_catalog: Path) -> Path:
    """A catalog with the example of today, and with all that is broken."""
    root = tmp_path_factory.mktemp("moved") / "catalog"
    for folder in (*NAMED_BY_SERVICES, "services", "examples"):
        shutil.copytree(shipped / folder, root / folder)
    shutil.copytree(broken_catalog / "services", root / "services", dirs_exist_ok=True)
    return root


@pytest.fixture
def restored(copy: Path) -> Iterator[Callable[[str, str], Path]]:
    """Writes a file of the copy, and puts it back afterwards."""
    before: dict[Path, bytes] = {}

    def write(name: str, text: str) -> Path:
        path = copy / name
        before.setdefault(path, path.read_bytes())
        path.write_text(text, "utf-8")
        return path

    yield write
    for path, text in before.items():
        path.write_bytes(text)


FILES = ["examples/customersdot-today.yaml", "services/lunch-menu.yaml", "services/hostile.yaml"]


@law(25, without=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.data())
def test_comments_move_lines_and_no_fingerprint(
    judged: Judged, restored: Callable[[str, str], Path], copy: Path, name: str, data: st.DataObject
) -> None:
    text = (copy / name).read_text("utf-8")
    lines = text.splitlines(keepends=True)
    at = data.draw(st.lists(st.integers(0, len(lines)), min_size=1, max_size=5))
    for place in sorted(at, reverse=True):
        lines.insert(place, "# a comment\n")
    moved = "".join(lines)
    assume(_same_data(text, moved))
    before = judged(copy, copy / name)
    after = judged(copy, restored(name, moved))
    restored(name, text)
    lines_after = {entry.fingerprint: entry.line for entry in entries(after.report)}
    assert lines_after == {
        entry.fingerprint: entry.line + sum(place < entry.line for place in at)
        for entry in entries(before.report)
    }
    assert lines_after


def _same_data(one: str, other: str) -> bool:
    try:
        return parse(one.encode(), "one").data == parse(other.encode(), "other").data
    except Unusable:
        return False


def test_a_new_item_before_the_others_changes_none_of_their_fingerprints(
    judged: Judged, restored: Callable[[str, str], Path], copy: Path
) -> None:
    name = "examples/customersdot-today.yaml"
    before = judged(copy, copy / name)
    text = (copy / name).read_text("utf-8")
    first = "    - name: db\n"
    assert first in text
    added = "    - {name: notes, kind: redis}\n"
    after = judged(copy, restored(name, text.replace(first, added + first)))
    assert after.report.problems == []
    assert set(fingerprints(before)) <= set(fingerprints(after))


def test_an_unreadable_file_keeps_its_fingerprint_when_its_error_moves(
    judged: Judged, restored: Callable[[str, str], Path], copy: Path
) -> None:
    name = "services/half-written.yaml"
    before = judged(copy, copy / name)
    after = judged(copy, restored(name, "# moved\n" + (copy / name).read_text("utf-8")))
    assert fingerprints(after) == fingerprints(before)
    assert after.report.unusable[0].line == before.report.unusable[0].line + 1


@pytest.mark.parametrize("format_", formats())
def test_files_in_any_order_give_the_same_bytes(judged: Judged, copy: Path, format_: str) -> None:
    def by_the_end(paths: list[Path]) -> list[Path]:
        return sorted(paths, key=lambda path: path.name[::-1])

    example = copy / "examples" / "customersdot-today.yaml"
    for chosen in ([], [example, copy / "services" / "hostile.yaml", copy / "services" / "usage-api.yaml"]):
        sorted_ = judged(copy, *chosen).to(format_)
        assert judged(copy, *chosen[::-1], order=by_the_end).to(format_) == sorted_
        assert judged(copy, *chosen, order=lambda paths: sorted(paths)[::-1]).to(format_) == sorted_


def test_a_plan_says_of_the_spec_what_a_check_says(
    judged: Judged, home: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = shipped / "examples" / "customersdot-today.yaml"
    monkeypatch.chdir(home)
    done = CliRunner().invoke(plan, [str(example), "--today", "2026-11-21", "--format", "json"])
    found = json.loads(done.stdout)["decision"]["findings"]
    said = [finding["fingerprint"] for finding in found]
    assert len(said) == len(set(said))
    assert set(fingerprints(judged(shipped, example))) <= set(said)
