"""A file that was moved or renamed is found again, before anybody is told to destroy what it made."""

import shutil
from pathlib import Path

import pytest

from catalog.loader import load
from pave.planning.changed import changes_since
from pave.reports.changes import ChangeReport, as_markdown, as_text
from tests.repository import committed
from tests.shipped import NAMED_BY_SERVICES

STACK = "service.lunch-menu.production"


@pytest.fixture
def catalog(tmp_path: Path, shipped: Path) -> Path:
    """A catalog in a repository, as it was committed."""
    for kind in (*NAMED_BY_SERVICES, "services"):
        shutil.copytree(shipped / kind, tmp_path / "catalog" / kind)
    committed(tmp_path)
    return tmp_path / "catalog"


def since_then(catalog: Path) -> ChangeReport:
    return changes_since("HEAD", catalog)


@pytest.mark.parametrize("to", ["service/lunch-menu.yaml", "services/lunch-menu.YAML"])
def test_a_file_that_was_moved_is_not_advised_to_be_destroyed(catalog: Path, to: str) -> None:
    (catalog / to).parent.mkdir(exist_ok=True)
    (catalog / "services/lunch-menu.yaml").rename(catalog / to)
    assert "lunch-menu" not in load(catalog).documents["Service"]
    report = since_then(catalog)
    assert [(one.stack, one.moved_to) for one in report.gone] == [(STACK, f"catalog/{to}")]
    for written in (as_text(report), as_markdown(report)):
        assert "pave destroy" not in written
        assert "moved to" in written


def test_a_file_that_got_another_name_is_followed_and_one_that_is_gone_is_not(catalog: Path) -> None:
    path = catalog / "services/lunch-menu.yaml"
    text = path.read_text().replace("name: lunch-menu,", "name: tea-menu,")
    path.unlink()
    (gone,) = since_then(catalog).gone
    assert (gone.moved_to, gone.advice) == (None, f"pave destroy {STACK}")
    path.with_name("tea-menu.yaml").write_text(text)
    (renamed,) = since_then(catalog).gone
    assert renamed.moved_to == "catalog/services/tea-menu.yaml"
    path.with_name("tea-menu.yaml").write_bytes((catalog / "services/usage-api.yaml").read_bytes())
    (other,) = since_then(catalog).gone
    assert other.moved_to is None
