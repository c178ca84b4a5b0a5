"""A folder as it was at a revision, whatever is checked out."""

from pathlib import Path

import pytest

from pave.git import checked_out, folder_at
from pave.refused import Refused
from tests.repository import committed


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in whose folder `sub` we are. What was committed as `sub/own` is a link by now."""
    root = tmp_path / "repository"
    (root / "sub" / "own" / "rules").mkdir(parents=True)
    (root / "sub" / "own" / "rules" / "one.rego").write_text("as it was")
    committed(root)
    (root / "sub" / "own").rename(root / "lax")
    (root / "lax" / "rules" / "one.rego").write_text("as it is")
    (root / "sub" / "own").symlink_to(root / "lax")
    monkeypatch.chdir(root / "sub")
    return root


@pytest.mark.parametrize(
    ("folder", "file"),
    [
        ("own", "rules/one.rego"),
        ("../sub/own/rules", "one.rego"),
        (".", "own/rules/one.rego"),
        ("..", "sub/own/rules/one.rego"),
    ],
)
def test_a_folder_is_as_it_was(repository: Path, folder: str, file: str) -> None:
    with folder_at("HEAD", Path(folder)) as was, folder_at("HEAD", repository / "sub" / folder) as same:
        for place in (was, same):
            assert [path for path in place.rglob("*") if path.is_file()] == [place / file]
            assert (place / file).read_text() == "as it was"
    assert not was.exists()


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("folder", ["gone", "own/rules/one.rego", "../lax", "../..", "/etc"])
def test_what_was_no_folder_of_the_repository_is_refused(folder: str) -> None:
    with (
        pytest.raises(Refused, match=r"There is no folder .* at HEAD yet\."),
        folder_at("HEAD", Path(folder)),
    ):
        pass


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("revision", ["nowhere", "--output=x", ""])
def test_a_revision_that_there_is_none_of_is_refused(revision: str) -> None:
    with pytest.raises(Refused, match="git can't read that revision"), folder_at(revision, Path("own")):
        pass


def test_a_revision_without_a_file_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").write_text("gone")
    committed(tmp_path)
    (tmp_path / "gone").unlink()
    committed(tmp_path)
    monkeypatch.chdir(tmp_path)
    with checked_out("HEAD", tmp_path) as (there, _):
        assert list(there.iterdir()) == []
