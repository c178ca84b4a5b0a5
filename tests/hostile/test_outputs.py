"""What hostile inputs hold reaches no terminal, log or report, whatever the input and the command."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from catalog.hidden import HIDDEN
from tests.command import pave
from tests.hostile.edited import SHOP, world
from tests.laws import law
from tests.repository import committed

TRICKS = ("\x1b[2J", "\x1b]0;owned\x07", "\x9b1m", "\b\b\b", "\u202e", "\u2066", "\u200b", "\r", "\x1b[8m")
FORGED = "FORGED"
DAY = ("--today", "2026-11-21")
FORMATS = ("text", "json", "sarif", "junit", "codequality", "markdown", "terraform")

COMMANDS: list[list[str]] = [
    *(["check", *DAY, "--format", format_] for format_ in FORMATS),
    ["plan", "shop", *DAY],
    ["plan", "shop", *DAY, "--format", "json"],
    ["input", "shop", *DAY],
    ["fix", "--diff", *DAY],
    ["availability"],
    ["availability", "--format", "json"],
    ["maturity", *DAY],
    ["maturity", *DAY, "--format", "json"],
    ["monitor", "show", "shop"],
    ["monitor", "show", "shop", "--format", "json"],
    ["budget", "shop", "--from", str(Path(__file__).parents[1] / "budgets" / "customersdot.json")],
    ["run", "shop"],
    ["changed", "--since", "HEAD"],
    ["changed", "--since", "HEAD", "--format", "json"],
]
"""What reads a catalog and calls nobody."""

ARGUED: list[list[str]] = [
    ["check", "{}"],
    ["check", "--format", "json", "{}"],
    ["check", "--target", "{}"],
    ["check", "--baseline", "{}", "--format", "json"],
    ["check", "--policies", "{}:rules"],
    ["check", "--env", "{}"],
    ["check", "--output", "{}"],
    ["check", "--engine", "opa", "--opa-url", "{}"],
    ["check", "--today", "{}"],
    ["plan", "{}"],
    ["plan", "shop", "--against", "{}"],
    ["plan", "shop", "--format", "{}"],
    ["input", "{}", "--format", "json"],
    ["explain", "{}"],
    ["schema", "{}"],
    ["new", "service", "{}"],
    ["availability", "shop", "--what-if", "{}"],
    ["maturity", "{}"],
    ["run", "{}"],
    ["changed", "--since", "{}"],
    ["completion", "{}"],
    ["help", "{}"],
    ["{}"],
    ["--{}"],
]
"""What is told something: `{}`."""

hostile = st.lists(st.sampled_from([*TRICKS, "a", "shop", f"\n{FORGED}"]), min_size=1, max_size=4).map(
    "".join
)
"""Words of an attacker."""


def in_value(root: Path, text: str) -> None:
    replace(root, "title: Shop", f"title: {json.dumps(text)}")


def in_pattern(root: Path, text: str) -> None:
    replace(root, "owner: platform", f"owner: {json.dumps(text)}")


def in_enumeration(root: Path, text: str) -> None:
    replace(root, "tier: standard", f"tier: {json.dumps(text)}")


def in_key(root: Path, text: str) -> None:
    replace(root, "  tier: standard", f"  {json.dumps(text)}: 1\n  tier: standard")


def in_raw_text(root: Path, text: str) -> None:
    replace(root, "title: Shop", f"title: {text}")


def in_reason(root: Path, text: str) -> None:
    command = "command: [celery, inspect, ping]"
    replace(root, f"liveness: {{{command}}}", f"liveness: {{by: none, reason: {json.dumps(text)}}}")


def in_file_name(root: Path, text: str) -> None:
    shutil.copyfile(root / SHOP, root / "services" / f"{text.replace('/', '_')}.yaml")


def in_folder_name(root: Path, text: str) -> None:
    (root / "services" / text.replace("/", "_")).mkdir()
    shutil.copyfile(root / SHOP, root / "services" / text.replace("/", "_") / "shop.yaml")


PLACES = (in_value, in_pattern, in_enumeration, in_key, in_raw_text, in_reason, in_file_name, in_folder_name)


def replace(root: Path, old: str, new: str) -> None:
    file = root / SHOP
    text = file.read_text("utf-8")
    assert old in text
    file.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogateescape"))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def assert_plain(said: str) -> None:
    """No character of it does anything to a terminal, and no line of it is an attacker's."""
    assert HIDDEN.search(said) is None, repr(said)
    assert not [line for line in said.split("\n") if line.startswith(FORGED)], said
    if said.startswith(("{", "[")):
        for text in texts(json.loads(said)):
            assert HIDDEN.search(text) is None, repr(text)
    if said.startswith("<?xml"):
        assert "&#" not in said


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(world(tmp_path_factory.mktemp("sound")).parent)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_line_break_of_a_catalog_forges_a_line_of_any_command(
    place: Callable[[Path, str], None], words: list[str], tmp_path: Path
) -> None:
    committed(world(tmp_path).parent)
    place(tmp_path / "catalog", "\nFORGED")
    done = pave(tmp_path, *words)
    assert_plain(done.stdout)
    assert_plain(done.stderr)


@law(240, without=[HealthCheck.too_slow])
@given(place=st.sampled_from(PLACES), text=hostile, words=st.sampled_from(COMMANDS))
def test_nothing_in_a_catalog_gets_out_of_any_command_as_it_is(
    place: Callable[[Path, str], None],
    text: str,
    words: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    committed(world(folder).parent)
    try:
        place(folder / "catalog", text)
    except OSError:  # a name that this file system has no room for
        return
    done = pave(folder, *words)
    assert done.exit_code in {0, 1, 2, 3}
    assert_plain(done.stdout)
    assert_plain(done.stderr)
    shutil.rmtree(folder)


@law(240, without=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    text=hostile,
    words=st.sampled_from(ARGUED),
    variable=st.sampled_from(["PAVE_GITLAB_TOKEN", "COLUMNS", "CI"]),
)
def test_nothing_that_is_told_to_a_command_gets_out_of_it_as_it_is(
    sound: Path, text: str, words: list[str], variable: str
) -> None:
    done = pave(sound, *(word.replace("{}", text) for word in words), **{variable: text})
    assert done.exit_code in {0, 1, 2, 3}
    assert_plain(done.stdout)
    assert_plain(done.stderr)
