"""A full disk cuts a state off: it is found at once, and mended from what the engine kept."""

import json
from pathlib import Path

import pytest

from pave.delivery.engine.cut_state import mend, require_whole
from pave.delivery.engine.stack import deployed
from pave.delivery.engine.target import Target
from pave.refused import Refused

STACK = "service.shop.test"
WHOLE = json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "x"}]}}})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / ".pulumi" / "stacks" / "pave" / f"{STACK}.json"
    made.parent.mkdir(parents=True)
    made.write_text(WHOLE)
    return made


def test_a_whole_state_and_one_that_is_not_there_are_left_alone(tmp_path: Path, file: Path) -> None:
    for stack in (STACK, "service.other.test"):
        require_whole(tmp_path.as_uri(), stack)
        assert mend(tmp_path.as_uri(), stack) == []
    assert mend("gs://acme-state", STACK) == []
    assert file.read_text() == WHOLE


@pytest.mark.parametrize("cut", ["", WHOLE[:20], "null", "{}"])
@pytest.mark.parametrize("kept", ["bak", "history"])
def test_the_last_whole_one_takes_its_place_and_nothing_is_thrown_away(
    tmp_path: Path, file: Path, cut: str, kept: str
) -> None:
    bak = file.with_name(f"{file.name}.bak")
    if kept == "bak":
        bak.write_text(WHOLE)
    else:
        bak.write_text(WHOLE[:9])
        history = tmp_path / ".pulumi" / "history" / "pave" / STACK
        history.mkdir(parents=True)
        (history / f"{STACK}-1.checkpoint.json").write_text("{}")
        (history / f"{STACK}-2.checkpoint.json").write_text(WHOLE)
        (history / f"{STACK}-3.checkpoint.json").write_text("")
    file.write_text(cut)
    with pytest.raises(Refused, match=f"pave recover {STACK}"):
        require_whole(tmp_path.as_uri(), STACK)
    (words,) = mend(tmp_path.as_uri(), STACK)
    assert "went back to" in words
    assert file.read_text() == WHOLE
    require_whole(tmp_path.as_uri(), STACK)
    (saved,) = (tmp_path / ".pulumi" / "cut-off").iterdir()
    assert saved.read_text() == cut


def test_where_nothing_whole_is_left_nothing_is_made_up(tmp_path: Path, file: Path) -> None:
    file.write_text("")
    file.with_name(f"{file.name}.bak").write_text("")
    with pytest.raises(Refused, match="label `stack`"):
        mend(tmp_path.as_uri(), STACK)
    assert file.read_text() == ""


def test_one_that_is_cut_off_hides_no_other(tmp_path: Path, file: Path) -> None:
    """A foundation may stand under it, so it counts as having resources."""
    file.with_name("service.pay.test.json").write_text(WHOLE[:30])
    file.with_name("service.new.test.json").write_text(json.dumps({"checkpoint": {"latest": None}}))
    target = Target("local", tmp_path, tmp_path.as_uri(), "passphrase", {}, tmp_path)
    assert deployed(target) == {STACK, "service.pay.test"}
