"""Git as it is in pipelines and on desks: hooks, worktrees, attributes, links, modules, sparse checkouts."""

import os
from pathlib import Path

import pytest

from pave.git import changed_files, checked_out, folder_at, left_out, repository
from pave.planning.changed import changes_since
from pave.refused import Refused
from tests.repository import SPECS, commit, committed, git

SERVICE = "catalog/services/lunch-menu.yaml"


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    """A repository with a small catalog in it."""
    root = tmp_path / "repository"
    for spec in SPECS:
        (root / "catalog" / spec).parent.mkdir(parents=True, exist_ok=True)
        (root / "catalog" / spec).write_bytes((shipped / spec).read_bytes())
    return committed(root)


def files(place: Path) -> set[str]:
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir()}


def assert_as_committed(root: Path, missing: frozenset[str] = frozenset()) -> None:
    listed = set(git(root, "ls-files").splitlines())
    with checked_out("HEAD", root / "catalog") as (was, catalog):
        assert files(was) == listed - missing
        assert catalog == was / "catalog"
    report = changes_since("HEAD", root / "catalog")
    assert (report.everywhere, report.stacks, report.gone) == ([], [], [])


def test_what_git_tells_a_hook_is_about_another_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = committed_empty(tmp_path / "other")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "beside"), "-b", "beside")
    monkeypatch.setenv("GIT_DIR", git(other, "rev-parse", "--absolute-git-dir"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    monkeypatch.setenv("GIT_PREFIX", "catalog/")
    for place in (root, tmp_path / "beside"):
        assert repository(place / "catalog") == place
        report = changes_since("HEAD", place / "catalog")
        assert (report.everywhere, report.stacks, report.gone) == ([], [], [])


def committed_empty(folder: Path) -> Path:
    folder.mkdir()
    (folder / "nothing").write_text("")
    return committed(folder)


def test_no_attribute_leaves_a_file_out_or_changes_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".gitattributes").write_text(f"{SERVICE} export-ignore\nkept export-subst\n")
    (root / "kept").write_text("$Format:%H$\n")
    (root / "our" / "rules").mkdir(parents=True)
    (root / "our" / "rules" / "one.rego").write_text("package one\n")
    (root / "our" / ".gitattributes").write_text("rules/one.rego export-ignore\n")
    git(root, "add", "--all")
    commit(root)
    assert_as_committed(root)
    with checked_out("HEAD", root / "catalog") as (was, _):
        assert (was / "kept").read_text() == "$Format:%H$\n"
    monkeypatch.chdir(root)
    with folder_at("HEAD", Path("our")) as our:
        assert files(our) == {".gitattributes", "rules/one.rego"}


def test_a_link_out_of_the_repository_is_left_out_and_one_within_it_leads_there(root: Path) -> None:
    (root / "hosts").symlink_to("/etc/hosts")
    (root / "above").symlink_to("../../etc")
    (root / "catalog" / "menu.yaml").symlink_to("services/lunch-menu.yaml")
    git(root, "add", "--all")
    commit(root)
    assert_as_committed(root, frozenset({"hosts", "above"}))
    with checked_out("HEAD", root / "catalog") as (was, catalog):
        assert (catalog / "menu.yaml").resolve() == (was / SERVICE).resolve()


def test_a_module_is_a_repository_of_its_own(root: Path, tmp_path: Path) -> None:
    other = committed_empty(tmp_path / "other")
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "module")
    commit(root)
    assert_as_committed(root, frozenset({"module"}))


def test_a_name_that_is_no_utf_8_counts_by_its_bytes(root: Path) -> None:
    (root / os.fsdecode(b"caf\xe9.md")).write_text("x")
    git(root, "add", "--all")
    commit(root)
    assert changed_files("HEAD~1", root / "catalog") == ["caf\\xe9.md"]
    report = changes_since("HEAD~1", root / "catalog")
    assert (report.everywhere, report.stacks) == ([], [])
    with checked_out("HEAD", root / "catalog") as (was, _):
        assert (was / os.fsdecode(b"caf\xe9.md")).is_file()


def test_what_a_sparse_checkout_leaves_out_is_not_gone(root: Path) -> None:
    git(root, "sparse-checkout", "set", "--no-cone", "/*", f"!/{SERVICE}")
    assert not (root / SERVICE).exists()
    assert left_out(root / "catalog") == [SERVICE]
    report = changes_since("HEAD", root / "catalog")
    assert (report.everywhere, report.stacks, report.gone) == ([], [], [])


def test_what_it_leaves_out_and_a_commit_changed_is_asked_for(root: Path) -> None:
    file = root / SERVICE
    file.write_text(file.read_text().replace("stage: beta", "stage: ga"))
    git(root, "add", "--all")
    commit(root)
    git(root, "sparse-checkout", "set", "--no-cone", "/*", f"!/{SERVICE}")
    with pytest.raises(Refused, match="is not checked out, and differs from HEAD~1: git sparse-checkout add"):
        changes_since("HEAD~1", root / "catalog")
