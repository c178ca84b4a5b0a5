"""A broken file is named once, at its cause; who depends on it is undecided, and not wrong."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from tests.command import pave

DAY = ("--today", "2026-11-21")
CAUSES = {
    "services/usage-api.yaml": ("tier:", "teir:"),
    "environments/production.yaml": ("10.0.0.0/20", "10.0.0.0/999"),
    "teams/workplace.yaml": ("kind: Team", "kind: [Team"),
    "vendors/zuora.yaml": ("availability:", "availibility:"),
}
"""A file of each kind that others depend on, with a mistake."""


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    shutil.copytree(home / "catalog", tmp_path / "catalog")
    return tmp_path


def check(root: Path, path: str, *words: str) -> Result:
    """Makes the mistake in a file, and checks."""
    old, new = CAUSES[path]
    file = root / "catalog" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return pave(root, "check", *words, *DAY)


@pytest.mark.parametrize("path", CAUSES)
def test_the_cause_is_said_once_and_the_rest_waits_for_it(copy: Path, path: str) -> None:
    done = check(copy, path, "--format", "json")
    report = json.loads(done.stdout)
    said = {each["document"] for each in (*report["problems"], *report["unusable"])}
    assert said == {path}
    assert (done.exit_code, report["allowed"]) == (2 if report["unusable"] else 1, False)
    waiting = {each["document"] for each in report["undecided"]}
    assert waiting
    assert all(f"{path} can't be used" in each["message"] for each in report["undecided"])
    text = pave(copy, "check", *DAY, COLUMNS="1000").stdout
    assert text.count("UNDECIDED  ") == 1, "once for all that wait"
    assert f"{len(waiting)} undecided" in text.splitlines()[-1]


def test_who_depends_on_a_broken_file_is_undecided_in_every_command(copy: Path) -> None:
    alone = check(copy, "services/usage-api.yaml", "receipt-scanner")
    assert (alone.exit_code, "UNDECIDED  services/usage-api.yaml can't be used" in alone.stdout) == (2, True)
    for words in (("plan",), ("preview",), ("availability",), ("maturity",), ("input",)):
        done = pave(copy, *words, "receipt-scanner", COLUMNS="1000")
        assert done.exit_code == 2, words
        assert "services/usage-api.yaml can't be used" in done.output, words


def test_the_maturity_of_all_names_those_of_which_it_can_not_be_told(copy: Path) -> None:
    check(copy, "services/usage-api.yaml")
    done = pave(copy, "maturity", "--format", "json")
    report = json.loads(done.stdout)
    assert done.exit_code == 2
    assert {each["service"] for each in report["unknown"]} == {"usage-api", "receipt-scanner"}
    assert {"customersdot", "lunch-menu"} <= {each["service"] for each in report["services"]}
    text = pave(copy, "maturity", COLUMNS="1000").stdout
    assert "usage-api        unknown  catalog/services/usage-api.yaml:16:3: Unknown field `teir`." in text


@pytest.mark.parametrize("form", ["sarif", "junit", "codequality", "markdown"])
def test_every_report_says_what_waits(copy: Path, form: str) -> None:
    done = check(copy, "services/usage-api.yaml", "--format", form)
    assert "services/usage-api.yaml can't be used" in done.stdout
