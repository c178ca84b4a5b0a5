"""The manual's figures of bad releases are those that the trial has measured, of what the design promises."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.repository import HOME
from tests.rollouts.figures import TITLES, kept, table
from tests.rollouts.judged import promised

MANUAL = HOME / "components" / "README.md"
SHOWN = re.compile(r"(<!-- figures: tests/rollouts -->\n).*?(<!-- /figures -->)", re.DOTALL)


def test_the_manual_shows_what_the_trial_has_measured(golden: Callable[[Path, str], None]) -> None:
    text = MANUAL.read_text("utf-8")
    assert SHOWN.search(text)
    golden(MANUAL, SHOWN.sub(lambda at: f"{at[1]}{table(kept())}{at[2]}", text))


def test_what_was_measured_is_of_what_is_promised_now_and_within_it() -> None:
    found = kept()
    assert found.promised == promised()
    assert set(found.met) == set(TITLES)
    for met in found.met.values():
        assert 0 <= met.aborted <= found.promised.gone
        assert 0 < met.gone <= found.promised.gone
        assert 0 < met.requests <= 100
