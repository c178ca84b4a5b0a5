"""The cache of whole checks: it never says what a cold run would not."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pave.commands.check import command
from pave.verdict_cache import VerdictCache, key_of


@pytest.fixture
def check(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a check of a copy of the catalog, with the cache in the same folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for folder in ("services", "environments", "teams", "vendors"):
        shutil.copytree(shipped / folder, tmp_path / "catalog" / folder)

    def run(*arguments: str) -> str:
        words = [
            "--catalog",
            str(tmp_path / "catalog"),
            "--format",
            "json",
            "--today",
            "2026-11-21",
            *arguments,
        ]
        return CliRunner().invoke(command, words).output

    return run


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "pave" / "verdicts").glob("[0-9a-f]*"))


def test_an_unchanged_catalog_gives_the_same_bytes_from_the_cache(
    check: Callable[..., str], tmp_path: Path
) -> None:
    cold = check("--no-cache")
    assert entries(tmp_path) == []
    assert [check(), check()] == [cold, cold]
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("services/customersdot.yaml", "availability: regional", "availability: zonal"),
        ("environments/production.yaml", ", us-east1-d]", "]"),
        ("teams/platform.yaml", "coverage: 24x7", "coverage: business-hours"),
        ("vendors/zuora.yaml", "availability: 99.9", "availability: 90"),
        ("services/usage-api.yaml", "  name: usage-api\n", "  name: usage-api-two\n"),
        ("services/lunch-menu.yaml", "stage: beta", "stage: [beta"),
    ],
)
def test_any_edit_gives_what_a_cold_run_gives(
    check: Callable[..., str], tmp_path: Path, file: str, old: str, new: str
) -> None:
    check()
    path = tmp_path / "catalog" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert check() == check("--no-cache")


def test_another_day_and_another_question_are_asked_anew(check: Callable[..., str]) -> None:
    check()
    for question in (["--today", "2027-06-01"], ["--env", "staging"]):
        assert check(*question) == check(*question, "--no-cache")
    assert json.loads(check("--today", "2027-06-01"))["today"] == "2027-06-01"


def test_a_file_that_a_link_needs_is_looked_for_again(check: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "catalog" / "services" / "usage-api.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("https://example.com/runbooks/usage-api", "/guide.md"), "utf-8")
    guide = tmp_path / "guide.md"
    guide.write_text("# Guide\n", "utf-8")
    assert json.loads(check())["problems"] == []
    guide.unlink()
    assert [problem["rule"] for problem in json.loads(check())["problems"]] == ["catalog/link"]
    guide.write_text("# Guide\n", "utf-8")
    assert json.loads(check())["problems"] == []


def test_a_poisoned_entry_is_not_read(check: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "catalog" / "services" / "customersdot.yaml"
    path.write_text(
        path.read_text("utf-8").replace("availability: regional", "availability: zonal", 1), "utf-8"
    )
    blocked = check()
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes().replace(b"allowed\xc2", b"allowed\xc3"))
    assert json.loads(check())["allowed"] is False
    entry.write_bytes(b"short")
    assert check() == blocked


def test_an_entry_under_another_key_is_not_read(check: Callable[..., str], tmp_path: Path) -> None:
    check()
    (entry,) = entries(tmp_path)
    other = entry.with_name("0" * len(entry.name))
    shutil.copy(entry, other)
    assert VerdictCache(tmp_path / "cache" / "pave").find(other.name) is None


def test_a_folder_that_others_can_write_to_is_not_used(check: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "pave" / "verdicts"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert json.loads(check())["kind"] == "CheckReport"
    assert entries(tmp_path) == []


def test_a_catalog_with_an_unreadable_file_has_no_key(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "big.yaml").write_bytes(b"#" * (2 << 20))
    assert key_of(tmp_path, [], "revision", date(2026, 11, 21)) is None
