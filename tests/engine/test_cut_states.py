"""What only the record of what an update was about to create can prove."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pave.delivery.engine.cut_state import mend
from pave.delivery.engine.intents import Intents
from tests.engine.engine import require_cli
from tests.engine.test_recovery import made_by_somebody
from tests.engine.tiny import NAME, Tiny

pytestmark = pytest.mark.engine
NETWORK = "gcp:compute/network:Network"


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Tiny]:
    require_cli()
    made = Tiny(tmp_path)
    yield made
    made.close()


def fail(tiny: Tiny) -> str:
    with tiny.process() as process:
        printed = process.communicate(timeout=300)[0]
    assert process.returncode != 0, printed
    return printed


@pytest.mark.parametrize("token", [NETWORK, "gcp:redis/instance:Instance"])
def test_a_creation_that_timed_out_is_no_orphan_when_its_update_is_killed_before_it_notes_that(
    tiny: Tiny, token: str
) -> None:
    """The engine has dropped it from the state; a network can bear no label."""
    tiny.store.add_fault(token, "create", "timeout", 1)
    tiny.settings["dies"] = "yes"
    fail(tiny)
    del tiny.settings["dies"]
    assert [line for line in tiny.up() if "had been created, and is adopted" in line]
    tiny.is_whole()
    assert Intents(tiny.backend.as_uri(), str(NAME)).read().records == ()


def test_a_first_state_that_is_cut_off_with_its_backup_is_built_again_from_what_was_written_down(
    tiny: Tiny,
) -> None:
    tiny.store.add_fault("*:ManagedZone", "create", "timeout", 1)
    tiny.settings["dies"] = "yes"
    fail(tiny)
    del tiny.settings["dies"]
    file = tiny.backend / ".pulumi" / "stacks" / "pave" / f"{NAME}.json"
    for each in (file, file.with_name(f"{file.name}.bak")):
        each.write_bytes(each.read_bytes()[:100])
    for each in (tiny.backend / ".pulumi" / "history").rglob("*.checkpoint.json"):
        each.write_bytes(b"")
    made = len(tiny.store.resources())
    assert made == 4
    (words,) = mend(tiny.backend.as_uri(), str(NAME))
    assert "written down" in words
    adopted = [line for line in tiny.up() if "had been created, and is adopted" in line]
    assert len(adopted) == made
    tiny.is_whole()


def test_what_the_cloud_refused_to_create_is_not_ours_though_it_was_written_down(tiny: Tiny) -> None:
    made_by_somebody(tiny, NETWORK, name="net")
    tiny.settings["dies"] = "yes"
    fail(tiny)
    del tiny.settings["dies"]
    assert "net already exists" in fail(tiny)
    text = json.dumps([held.urn for held in tiny.store.resources()])
    assert str(NAME) not in text, "it was adopted"
