"""What is said of a service that has no migration is all that it takes to begin one."""

import shutil
import textwrap
from pathlib import Path

from tests.command import pave


def test_what_is_to_be_written_begins_a_migration(shipped: Path, tmp_path: Path) -> None:
    shutil.copytree(shipped, tmp_path / "catalog")
    asked = pave(tmp_path, "migrate", "plan", "lunch-menu")
    assert asked.exit_code == 2
    lines = asked.stderr.splitlines()
    (kept,) = (line.split() for line in lines if "git show" in line)
    assert kept[2:] == [
        "main:catalog/services/lunch-menu.yaml",
        ">",
        "catalog/examples/lunch-menu-today.yaml",
    ]
    shutil.copy(tmp_path / "catalog/services/lunch-menu.yaml", tmp_path / kept[-1])
    at = next(index for index, line in enumerate(lines) if line.startswith("and write "))
    path = lines[at].removeprefix("and write ").removesuffix(":")
    (tmp_path / path).write_text(textwrap.dedent("\n".join(lines[at + 1 :])) + "\n", "utf-8")
    begun = pave(tmp_path, "migrate", "plan", "lunch-menu")
    assert begun.exit_code == 0, begun.output
    assert "in `today`" in begun.stdout
