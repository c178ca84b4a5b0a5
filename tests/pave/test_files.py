"""What is written to a file: whole or not at all, with the mode that it should have."""

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pave.files import FileChanged, create_file, replace_file, unversioned


@pytest.fixture
def umask() -> Iterator[None]:
    """The umask that most machines have."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refuse(*_: object, **__: object) -> None:
    raise OSError(5, "Input/output error")


def private(path: Path, content: bytes) -> None:
    create_file(path, content, private=True)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize(("write", "wanted"), [(replace_file, 0o644), (create_file, 0o644), (private, 0o600)])
def test_a_new_file_has_the_mode_that_it_should_have(
    tmp_path: Path, write: Callable[[Path, bytes], None], wanted: int
) -> None:
    write(tmp_path / "new", b"content")
    assert [(each.name, each.read_bytes(), mode(each)) for each in tmp_path.iterdir()] == [
        ("new", b"content", wanted)
    ]


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("kept", [0o600, 0o640, 0o666, 0o755])
def test_a_file_keeps_its_mode_and_is_open_to_nobody_else_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    path.chmod(kept)
    seen: list[int] = []
    sync = os.fsync

    def look(handle: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(handle).st_mode))
        sync(handle)

    monkeypatch.setattr(os, "fsync", look)
    replace_file(path, b"after")
    assert (path.read_bytes(), mode(path)) == (b"after", kept)
    assert [each & ~kept for each in seen] == [0]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"after"


def test_a_reader_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with path.open("rb") as reader:
        replace_file(path, b"after")
        assert reader.read() == b"before"


def test_a_file_that_changed_in_the_meantime_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"theirs")
    with pytest.raises(FileChanged, match=r"x\.yaml"):
        replace_file(path, b"after", before=b"before")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"theirs"]
    replace_file(path, b"after", before=b"theirs")
    assert path.read_bytes() == b"after"


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (tmp_path / "file").write_bytes(b"before")
    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(OSError, match="Input/output error"):
        replace_file(tmp_path / "file", b"after")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("file", b"before")]


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_file_that_can_not_be_made_whole_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(OSError, match="Input/output error"):
        create_file(tmp_path / "file", b"content")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "link"):
        with pytest.raises(FileExistsError):
            create_file(tmp_path / name, b"ours")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link"]
    assert (tmp_path / "file").read_bytes() == b"theirs"


def test_of_all_who_make_a_file_at_once_one_does(tmp_path: Path) -> None:
    def make(number: int) -> bool:
        try:
            create_file(tmp_path / "file", bytes([number]) * 1000)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(8)))
    assert made.count(True) == 1
    assert (tmp_path / "file").read_bytes() == bytes([made.index(True)]) * 1000


def test_a_folder_is_made_that_git_passes_over(tmp_path: Path) -> None:
    for _ in range(2):
        unversioned(tmp_path / "deep" / "state")
    assert (tmp_path / "deep" / "state" / ".gitignore").read_text() == "*\n"
