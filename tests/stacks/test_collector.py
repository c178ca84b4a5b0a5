"""The collector doesn't look through what is imported for good."""

import gc
import sys
from pathlib import Path

import pytest

from stacks.recording.collector import collector_pause, imported_for_good

MODULE = "import gc\n\nWAS_ON = gc.isenabled()\nTHINGS = [[] for _ in range(1000)]\n"


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that nobody has imported."""
    name = f"module_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name


def test_the_collector_neither_runs_during_an_import_nor_looks_at_it_afterwards(name: str) -> None:
    assert gc.isenabled()
    module = imported_for_good(name)
    assert not module.WAS_ON
    assert gc.isenabled()
    seen = {id(each) for each in gc.get_objects()}
    assert not seen & {id(each) for each in module.THINGS}


def test_a_module_is_imported_and_taken_out_of_sight_once(name: str) -> None:
    module = imported_for_good(name)
    frozen = gc.get_freeze_count()
    made: list[list[int]] = [[] for _ in range(1000)]
    assert imported_for_good(name) is module
    assert gc.get_freeze_count() <= frozen
    assert {id(each) for each in gc.get_objects()} >= {id(each) for each in made}


def test_a_module_that_fails_leaves_the_collector_on(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text("raise ImportError\n")
    with pytest.raises(ImportError):
        imported_for_good(name)
    assert gc.isenabled()


def test_pauses_within_each_other_end_with_the_last() -> None:
    with collector_pause:
        with collector_pause:
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
