"""What is kept between runs: nothing is found but what this user has written there, whole."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.private_folder import PrivateFolder

CONTENT = b"machine code"


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolder:
    """A folder that holds one file."""
    made = PrivateFolder(tmp_path / "cache" / "kept", 3)
    made.write("one", CONTENT)
    return made


def names(folder: PrivateFolder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir())


@pytest.mark.parametrize("content", [b"", b"\0", CONTENT, bytes(1 << 20)])
def test_what_was_written_is_read_by_the_next_process(folder: PrivateFolder, content: bytes) -> None:
    folder.write("two", content)
    later = PrivateFolder(folder.path, 3)
    assert (later.read("two"), later.read("one"), later.spoilt) == (content, CONTENT, set())


def test_what_was_not_written_is_not_there_and_not_spoilt(folder: PrivateFolder, tmp_path: Path) -> None:
    for place in (folder, PrivateFolder(tmp_path / "nowhere", 3)):
        assert (place.read("two"), place.spoilt) == (None, set())
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.usefixtures("folder")
def test_all_that_is_made_is_this_users_alone(tmp_path: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"cache": 0o700, "kept": 0o700, "one": 0o600}


@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_a_changed_byte_is_noticed_wherever_it_is(folder: PrivateFolder, place: float, byte: int) -> None:
    folder.write("one", CONTENT)
    file = folder.path / "one"
    changed = bytearray(file.read_bytes())
    changed[int(place * len(changed))] ^= byte
    file.write_bytes(changed)
    assert folder.read("one") is None
    assert folder.spoilt == {"one"}


@pytest.mark.parametrize("length", [0, 5, 32, 40, -1])
def test_a_file_that_was_cut_short_is_noticed(folder: PrivateFolder, length: int) -> None:
    file = folder.path / "one"
    file.write_bytes(file.read_bytes()[:length])
    assert folder.read("one") is None
    assert folder.spoilt == {"one"}


def test_a_file_does_not_pass_for_another(folder: PrivateFolder) -> None:
    folder.write("two", b"other code")
    (folder.path / "two").replace(folder.path / "one")
    assert folder.read("one") is None


def open_the_folder(folder: Path) -> None:
    folder.chmod(0o755)


def put_a_link_to_a_folder(folder: Path) -> None:
    folder.symlink_to(folder.rename(folder.with_name("moved")))


@pytest.mark.parametrize("spoil", [open_the_folder, put_a_link_to_a_folder])
def test_a_folder_that_others_can_enter_or_that_is_a_link_is_neither_read_nor_written(
    folder: PrivateFolder, spoil: Callable[[Path], None]
) -> None:
    spoil(folder.path)
    folder.write("two", b"")
    assert (folder.read("one"), folder.spoilt, names(folder)) == (None, set(), ["one"])


def test_a_folder_of_somebody_else_is_left_alone(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    folder.write("two", b"")
    assert (folder.read("one"), names(folder)) == (None, ["one"])


def open_the_file(file: Path) -> None:
    file.chmod(0o644)


def put_a_link_to_a_file(file: Path) -> None:
    file.symlink_to(file.rename(file.with_name("moved")))


def put_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("spoil", [open_the_file, put_a_link_to_a_file, put_a_folder])
def test_a_file_that_others_can_open_or_that_is_a_link_is_not_read(
    folder: PrivateFolder, spoil: Callable[[Path], None]
) -> None:
    spoil(folder.path / "one")
    assert folder.read("one") is None


def test_a_link_is_replaced_and_not_followed(folder: PrivateFolder, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"theirs")
    (folder.path / "two").symlink_to(theirs)
    folder.write("two", b"ours")
    assert (theirs.read_bytes(), folder.read("two")) == (b"theirs", b"ours")


def test_a_folder_that_can_not_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = PrivateFolder(tmp_path / "file" / "kept", 3)
    folder.write("one", CONTENT)
    assert folder.read("one") is None


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(
    folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    folder.write("one", b"another")
    assert (folder.read("one"), names(folder)) == (CONTENT, ["one"])


def used_at(folder: PrivateFolder, name: str, second: int) -> None:
    os.utime(folder.path / name, (second, second))


def test_what_was_longest_of_no_use_goes_first(folder: PrivateFolder) -> None:
    folder.write("two", b"")
    folder.write(".left by a writer that was killed", b"")
    for second, name in enumerate((".left by a writer that was killed", "one", "two")):
        used_at(folder, name, second)
    assert folder.read("one") == CONTENT
    folder.write("three", b"")
    folder.write("four", b"")
    assert names(folder) == ["four", "one", "three"]


def test_folders_in_it_are_not_its_business(folder: PrivateFolder) -> None:
    for number in range(5):
        (folder.path / f"verdicts-{number}").mkdir()
        folder.write(str(number), b"")
    assert len(names(folder)) == 5 + 3
