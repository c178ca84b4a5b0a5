"""pave is killed on CustomersDot's way, at a boundary of each phase and at random moments within; the same
command goes on from there, and the way ends as it does when nobody is killed."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from zlib import crc32

import psutil
import pytest

from components.design.migration.passage import OUTPUT
from pave.delivery.engine.target import local_backend
from pave.migrating.journal import FolderJournal
from stacks.backend import state
from stacks.recording.model import STACK as ROOT
from tests.engine.engine import HOME
from tests.engine.road import Road
from tests.engine.test_migration import EVERY_WORD, NO_RETURN, ORDER, STACK, Journey

pytestmark = [pytest.mark.engine, pytest.mark.slow]
SEED = int(os.environ.get("KILLED_BY", "16"))
"""Of the random moments: the same number kills at the same ones."""

BEGINS, MIDDLE, ENDS = "the file says it", "in the middle", "the stack says it"

LONGEST = 12.0
"""Seconds of an update within which a random moment comes; one that is over by then was whole."""


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    road = Road(tmp_path_factory.mktemp("killed"))
    try:
        done = road.up("foundation.production")
        assert done.code == 0, done.text
        found = Journey(road)
        found.begin("today")
        begun = found.next()
        assert begun.code == 0, begun.text
        yield found
    finally:
        road.close()


def made_in(journey: Journey) -> str:
    """The phase that the stack says; `done` where it doesn't move."""
    found = state(local_backend(journey.road.state), STACK) or {}
    roots = [each for each in found.get("resources") or () if each["type"] == ROOT]
    return str((roots[0].get("outputs") or {}).get(OUTPUT, "done")) if roots else "nowhere"


def is_there(journey: Journey, phase: str) -> bool:
    """Whether it is written down that a phase is all there."""
    entries = FolderJournal(journey.road.state, STACK).read()
    return any(each.phase == phase and each.what == "applied" for each in entries)


def killed(journey: Journey, phase: str, when: Callable[[], bool]) -> bool:
    """Lets pave go into a phase, and kills it with all that it has started when something is so; False where
    it has ended before."""
    accepted = ["--accept", phase] if phase in NO_RETURN else []
    words = [*EVERY_WORD, "--end-soak", "this is a test", *accepted, "--now", "2026-11-18T12:00"]
    command = journey.road.command("migrate", "next", "customersdot", *words)
    nobody = subprocess.DEVNULL
    pave = psutil.Popen(command, cwd=HOME, stdin=nobody, stdout=nobody, stderr=nobody)
    while pave.poll() is None and not when():
        time.sleep(0.02)
    was_cut = pave.poll() is None
    for each in [*pave.children(recursive=True), pave] if was_cut else []:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    pave.wait()
    return was_cut


def moments(journey: Journey, phase: str, seconds: float) -> Iterator[tuple[str, Callable[[], bool]]]:
    """When pave is killed on its way into a phase: at a boundary, by turns where it begins and where it ends,
    and so many seconds after it began."""
    begins = ORDER.index(phase) % 2 == 0
    if begins:
        yield BEGINS, lambda: journey.phase == phase
    last = time.monotonic() + seconds
    yield MIDDLE, lambda: time.monotonic() > last
    if not begins:
        yield ENDS, lambda: made_in(journey) == phase


def test_whoever_is_killed_goes_on_from_there_and_comes_to_the_same_end(journey: Journey) -> None:
    cut: list[tuple[str, str]] = []
    for phase in ORDER[1:]:
        before = journey.phase
        for name, when in moments(journey, phase, LONGEST * crc32(f"{SEED}/{phase}".encode()) / 2**32):
            if not is_there(journey, phase) and killed(journey, phase, when):
                cut.append((phase, name))
            assert journey.phase in {before, phase}, "it never is further than it was led"
            assert made_in(journey) in {before, phase}
        if not is_there(journey, phase):
            done = journey.next()
            assert done.code == 0, f"{phase}, cut {cut[-3:]}: {done.text}"
        assert (journey.phase, made_in(journey)) == (phase, phase)
    assert {phase for phase, name in cut if name == BEGINS} == {*ORDER[2::2]}
    assert len([name for _, name in cut if name == MIDDLE]) >= len(ORDER) // 2
    assert journey.road.pave("drift", STACK).code == 0
    last = journey.road.last_call()
    assert journey.road.up(STACK).code == 0
    assert journey.road.calls(last) == [], "it is what its own file says"
