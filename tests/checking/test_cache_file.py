"""What is kept between runs: nothing in it is believed that was not written by this user's pave."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from catalog.editing.edit import put
from pave.checking import cache_file
from pave.checking.cache_file import CacheFile
from tests.checking.changing_world import World
from tests.laws import law


@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255))
@law(25, without=list(HealthCheck))
def test_a_poisoned_cache_is_noticed_and_not_believed(world: World, place: float, byte: int) -> None:
    (file,) = world.kept()
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= byte
    file.write_bytes(content)
    code, report, messages = world.check()
    assert (code, report) == world.cold()[:2]
    assert "is not as it was left" in messages
    assert world.check() == world.cold()  # and it has been made anew


@pytest.mark.parametrize("length", [0, 5, 40, -1])
def test_a_cache_that_was_cut_short_is_noticed_and_not_believed(world: World, length: int) -> None:
    (file,) = world.kept()
    file.write_bytes(file.read_bytes()[:length])
    code, report, messages = world.check()
    assert (code, report) == world.cold()[:2]
    assert "is not as it was left" in messages


def test_a_verdict_of_another_catalog_is_not_believed(world: World, tmp_path: Path, home: Path) -> None:
    (file,) = world.kept()
    other = World(tmp_path / "other", home)
    path = "services/billing.yaml"
    other.write(path, put(other.documents[path], ("spec", "stores"), []))
    other.check()
    (theirs,) = other.kept()
    shutil.copy(file, theirs)
    assert "is not as it was left" in other.check()[2]


def test_a_folder_that_others_can_write_to_is_not_used(tmp_path: Path, home: Path) -> None:
    world = World(tmp_path, home)
    folder = tmp_path / "cache" / "pave" / "verdicts"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert world.check() == world.cold()
    assert world.kept() == []


def test_the_folders_that_are_made_are_nobody_elses(tmp_path: Path) -> None:
    kept = CacheFile(tmp_path / "cache" / "pave" / "verdicts", "0")
    kept.keep(b"key", b"value")
    kept.save()
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert [(path.name, path.stat().st_mode & 0o077) for path in sorted(made)] == [
        *(("cache", 0), ("pave", 0), ("verdicts", 0))
    ]


def test_nothing_is_kept_unless_it_is_wanted_nor_worked_out_for_it(tmp_path: Path, home: Path) -> None:
    world = World(tmp_path, home)
    del world.program  # whose digest only a cache needs
    world.cold()
    assert world.kept() == []


def test_what_nobody_asks_for_any_more_is_forgotten_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_file, "SPARE", 2000)
    for number in range(10):
        kept = CacheFile(tmp_path / "kept", "0")
        kept.find(b"first")
        kept.keep(b"first", b"used each time")
        kept.keep(b"%d" % number, bytes(900))
        kept.save()
    last = CacheFile(tmp_path / "kept", "0")
    assert last.find(b"first") == b"used each time"
    assert [number for number in range(10) if last.find(b"%d" % number)] == [6, 7, 8, 9]


def test_files_of_catalogs_that_nobody_checks_any_more_go_in_the_end(tmp_path: Path) -> None:
    for number in range(cache_file.FILES + 3):
        kept = CacheFile(tmp_path / "kept", f"{number:02x}")
        kept.keep(b"key", b"value")
        kept.save()
    assert len(list((tmp_path / "kept").glob("[0-9a-f]*"))) == cache_file.FILES
