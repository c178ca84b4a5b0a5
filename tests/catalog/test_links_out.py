"""A spec that is a link: within the repository it is read, out of it it is refused and never quoted."""

import os
from pathlib import Path

import pytest

from catalog.loader import load
from tests.repository import SPECS, committed

SECRET = "password: hunter2hunter2"


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    """A small catalog in a repository."""
    root = tmp_path / "repository" / "catalog"
    for spec in SPECS:
        (root / spec).parent.mkdir(parents=True, exist_ok=True)
        (root / spec).write_bytes((shipped / spec).read_bytes())
    committed(root.parent)
    return root


def test_a_link_out_of_the_repository_is_refused_unread(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(SECRET)
    (root / "services" / "thief.yaml").symlink_to(tmp_path / "secret.yaml")
    [broken] = load(root).unusable
    assert (broken.path, broken.line) == ("services/thief.yaml", None)
    assert "link out of the repository" in broken.what
    assert "hunter2" not in str(broken)


def test_so_is_a_file_in_a_folder_that_is_one(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "thief.yaml").write_text(SECRET)
    (root / "teams").rename(root / "teams-of-old")
    (root / "teams").symlink_to(tmp_path / "elsewhere")
    assert any("link out of the repository" in one.what for one in load(root).unusable)


def test_a_link_within_the_repository_is_read(root: Path) -> None:
    spec = root / "services" / "lunch-menu.yaml"
    spec.rename(root.parent / "lunch-menu.yaml")
    spec.symlink_to(os.path.relpath(root.parent / "lunch-menu.yaml", spec.parent))
    assert "lunch-menu" in load(root).documents["Service"]


def test_a_catalog_that_is_reached_by_a_link_is_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to(root)
    catalog = load(tmp_path / "here")
    assert catalog.unusable == []
    assert "lunch-menu" in catalog.documents["Service"]
