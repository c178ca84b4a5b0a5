"""The last act of the demo: what it says of the engine and the cloud is so, and nothing of it stays."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import psutil
import pytest

from pave.delivery.engine.previews import EngineFailed
from pave.demo.rehearsal import Rehearsal, thrown_away
from pave.local_cloud.process import find
from pave.local_cloud.store import CloudStore, store_file
from pave.workspace import Workspace
from policies.wording import Line
from stacks.stack import Stack, foundation_stack
from tests.engine.engine import require_cli

pytestmark = pytest.mark.engine
BLOCKED = Stack("service", "customersdot-today", "production")
FOUNDATION = foundation_stack("production")
SERVICE = Stack("service", "customersdot", "production")


def acts(state: Path, shipped: Path, today: date, blocked: Stack, *allowed: Stack) -> Iterator[Line]:
    require_cli()
    work = Workspace(shipped, today, [shipped / "examples" / "customersdot-today.yaml"])
    return Rehearsal(work, state, work.page(colour=False, width=80)).acts(blocked, allowed)


def opened(state: Path) -> CloudStore:
    return CloudStore(store_file(state), lambda: datetime.now(UTC))


def test_the_real_engine_makes_both_stacks_once_and_nothing_of_it_stays(
    shipped: Path, today: date, capfd: pytest.CaptureFixture[str]
) -> None:
    with thrown_away() as state, closing(opened(state)) as cloud:
        lines = acts(state, shipped, today, BLOCKED, FOUNDATION, SERVICE)
        said = [next(lines).text]
        assert cloud.calls() == [], "the gate let a call through"
        said += [line.text for line in lines]
        running = find(state)
        done = Counter(call.operation for call in cloud.calls() if call.is_done)
        held = Counter(one.urn.split("::")[0].rpartition(":")[2] for one in cloud.resources() if one.urn)
    below, above = held[str(FOUNDATION)], held[str(SERVICE)]
    assert below > 20
    assert above > 100
    assert done["create"] == below + above
    assert done["update"] == done["delete"] == 0
    assert [" ".join(line.split()).rsplit(" in ")[0] for line in said] == [
        "customersdot-today ✓ blocked inside `pulumi up`: 0 calls to the cloud",
        f"foundation ✓ {below} resources created",
        f"customersdot ✓ {above} resources created",
        "once more ✓ nothing to do, seen",
    ]
    assert capfd.readouterr() == ("", ""), "what goes well is said in the lines alone"
    assert not state.exists()
    assert running is not None
    assert not psutil.pid_exists(running.pid)


def test_what_goes_otherwise_than_it_should_is_not_called_done(shipped: Path, today: date) -> None:
    with thrown_away() as state:
        lines = acts(state, shipped, today, BLOCKED, BLOCKED)
        next(lines)
        with pytest.raises(EngineFailed, match="BLOCKED  customersdot-today"):
            next(lines)
        with pytest.raises(
            EngineFailed, match=r"The cloud heard \d+ calls. Nothing blocks foundation.production"
        ):
            next(acts(state, shipped, today, FOUNDATION))
