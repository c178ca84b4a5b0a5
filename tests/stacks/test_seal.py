"""What a stack remembers of a broken glass can be read back, whoever wrote it."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.gate.break_glass import Glass
from stacks.gate.seal import GLASS, BrokenGlass, broken, read_broken, read_setting

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_what_was_written_is_read() -> None:
    glass = Glass("4711", "the vendor is away", "ada", date(2026, 11, 22))
    found = read_broken({"version": "1", GLASS: broken(glass, ["a/b", "c/d"])})
    assert found == BrokenGlass("4711", "the vendor is away", "ada", "2026-11-22", ["a/b", "c/d"])


@given(st.text() | JSON.map(lambda found: msgspec.json.encode(found).decode()))
def test_no_setting_of_a_glass_is_overlooked(text: str) -> None:
    assert isinstance(read_setting(text), BrokenGlass)


def test_a_setting_is_read_as_the_engine_keeps_it() -> None:
    text = '{"incident":4711,"reason":"r","person":"ada","expires":"2026-11-22"}'
    assert read_setting(text) == BrokenGlass("4711", "r", "ada", "2026-11-22", None)


@pytest.mark.parametrize("output", [None, "pave", [], {}, {"version": "1"}, {GLASS: None}])
def test_an_output_without_a_glass_has_none(output: Any) -> None:
    assert read_broken(output) is None


@given(JSON.filter(lambda found: found is not None))
def test_a_glass_in_another_shape_is_never_overlooked(found: Any) -> None:
    assert isinstance(read_broken({GLASS: found}), BrokenGlass)
    assert isinstance(read_broken({GLASS: {"incident": found, "passed": found}}), BrokenGlass)
