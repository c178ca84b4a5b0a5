"""The section on applying of the stacks' manual: its commands, one after the other, on the local cloud."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from pave.exit_code import ExitCode
from tests.engine.engine import HOME
from tests.engine.road import Road

pytestmark = pytest.mark.engine
SECTION = (
    (HOME / "stacks" / "README.md").read_text("utf-8").partition("\n## Apply\n")[2].partition("\n## ")[0]
)
COMMANDS = [
    shlex.split(line, comments=True)[1:]
    for line in re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)[0].splitlines()
]
INSTEAD_OF_A_PERSON = {"up": ["--yes"], "destroy": ["--confirm"]}


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    """A cloud of its own: `pave drift` tells of every stack there, also of those that other tests left."""
    road = Road(tmp_path)
    yield road
    road.close()


def test_the_commands_lead_from_nothing_to_a_service_and_back(road: Road) -> None:
    assert {verb for verb, *_ in COMMANDS} == {"preflight", "up", "preview", "drift", "cloud", "destroy"}
    for command in COMMANDS:
        verb, words = command[0], [str(road.state / word) if ".plan" in word else word for word in command]
        answer = INSTEAD_OF_A_PERSON.get(verb, []) if "--plan" not in command else []
        done = road.pave(*words, *answer, *([command[1]] if answer == ["--confirm"] else []))
        # Before there is a zone nobody can lead to it, and the preflight says that this waits.
        fine = {ExitCode.OK, ExitCode.WAITS} if verb == "preflight" else {ExitCode.OK}
        assert done.code in fine, f"pave {' '.join(command)}\n{done.text}"
