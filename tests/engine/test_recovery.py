"""Whoever is killed, and whenever: the next update goes on, with nothing lost and nothing created twice.

What was created is what the cloud's own log says, not what Pulumi remembers. Each test is one stack, which is
cut off again and again on its way: every update begins by recovering from the one before."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import psutil
import pytest

from pave.delivery.engine.cli import Cli, find_cli
from pave.delivery.recovery.recover import left_behind, recover
from pave.local_cloud.process import find
from tests.engine.cloud_client import Client
from tests.engine.engine import require_cli
from tests.engine.tiny import Tiny

pytestmark = pytest.mark.engine

Victim = Callable[[Tiny], int | None]
MIDST = 0.3
"""Seconds into the creation of a cache, which takes twice as long."""


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Tiny]:
    """A stack of which nothing is left running."""
    require_cli()
    made = Tiny(tmp_path)
    yield made
    made.close()
    gone(tmp_path)


def gone(folder: Path) -> None:
    """Asserts that no process is left that works in a folder: an engine that lost us may take a second."""
    end = time.monotonic() + 30
    while (left := processes(folder)) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []


def processes(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if str(folder) in f"{words} {process.info['cwd']}" and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(words)
    return found


def kill(pid: int | None) -> None:
    if pid is not None:  # it may have ended by itself
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def cut_off(tiny: Tiny, at: str, victim: Victim | None, after: float = 0.0) -> list[str]:
    """Updates until the engine says `at`, and kills the victim, or the update itself when there is none.

    Gives what was printed."""
    with tiny.process() as process:
        assert process.stdout is not None
        printed = []
        for line in process.stdout:
            printed.append(line.rstrip())
            if printed[-1] == at:
                time.sleep(after)
                kill(victim(tiny) if victim is not None else process.pid)
        process.wait(300)
    assert at in printed, "\n".join(printed)
    assert tiny.made_twice() == []
    return printed


@pytest.mark.parametrize("victim", [Tiny.owner, Tiny.server, None], ids=["pulumi", "cloud", "pave"])
def test_killed_while_it_creates(tiny: Tiny, victim: Victim | None) -> None:
    cut_off(tiny, "prelude", victim)
    cut_off(tiny, "create net", victim)
    cut_off(tiny, "create cache", victim, after=MIDST)
    assert "cache" in tiny.held(), "it was killed in the midst of it"
    cut_off(tiny, "done create fw", victim)
    cut_off(tiny, "create zone", victim)
    cut_off(tiny, "summary", victim)
    tiny.up()
    tiny.is_whole()


@pytest.mark.parametrize("victim", [Tiny.owner, Tiny.server], ids=["pulumi", "cloud"])
def test_killed_while_it_changes_and_deletes(tiny: Tiny, victim: Victim) -> None:
    tiny.up()
    tiny.settings["size"] = 2
    cut_off(tiny, "update cache", victim, after=MIDST)
    tiny.settings["size"] = 3
    cut_off(tiny, "done update cache", victim)
    tiny.settings["region"] = "us-east4"
    cut_off(tiny, "create-replacement a0", victim)
    tiny.settings["region"] = "us-west1"
    cut_off(tiny, "delete-replaced a0", victim)
    tiny.settings["without"] = "cache"
    cut_off(tiny, "delete cache", victim, after=MIDST)
    tiny.up()
    tiny.is_whole()
    assert tiny.held()["a0"].inputs["region"] == "us-west1"


def test_a_change_that_is_taken_back_after_a_kill(tiny: Tiny) -> None:
    """The state says the old size, which is what is wanted again: only the cloud knows better."""
    tiny.up()
    tiny.settings["size"] = 2
    cut_off(tiny, "update cache", Tiny.owner, after=MIDST)
    assert tiny.held()["cache"].inputs["memorySizeGb"] == 2
    tiny.settings["size"] = 1
    tiny.up()
    tiny.is_whole()
    assert tiny.held()["cache"].inputs["memorySizeGb"] == 1


def test_a_deletion_that_is_taken_back_after_a_kill(tiny: Tiny) -> None:
    tiny.up()
    tiny.settings["without"] = "a1"
    cut_off(tiny, "done delete a1", Tiny.owner)
    tiny.settings["without"] = "cache"
    cut_off(tiny, "delete cache", Tiny.owner, after=MIDST)
    assert tiny.held().keys().isdisjoint({"a1", "cache"}) or "a1" in tiny.held()
    del tiny.settings["without"]
    tiny.up()
    tiny.is_whole()


def test_a_cloud_that_ends_before_or_after_it_has_done_a_thing(tiny: Tiny) -> None:
    for token, operation, code, settings in (
        ("*:Network", "create", "crash-before", {}),
        ("*:Network", "create", "crash", {}),
        ("*:Instance", "create", "timeout", {}),
        ("*:ManagedZone", "create", "crash", {}),
        ("*", "*", "none", {}),
        ("*:Instance", "update", "crash-before", {"size": 2}),
        ("*:Instance", "update", "crash", {"size": 3}),
        ("*:Address", "create", "crash", {"region": "us-east4"}),
        ("*:Address", "delete", "crash", {"without": "a1"}),
    ):
        tiny.settings |= settings
        if code == "none":
            tiny.up()
            continue
        tiny.store.add_fault(token, operation, code, 1)
        with tiny.process() as process:
            printed = process.communicate(timeout=300)[0]
        assert process.returncode != 0, printed
        assert tiny.store.faults() == []
        assert tiny.made_twice() == []
    tiny.up()
    tiny.is_whole()


class Killed(Exception):
    pass


class Stopping(Cli):
    """Runs so many commands, and then nothing any more."""

    def __init__(self, cli: Cli, commands: int) -> None:
        super().__init__(*find_cli(), cli.environment)
        self.left = commands

    def run(self, *arguments: Any, **named: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Killed
        return super().run(*arguments, **named)


def test_a_recovery_that_is_cut_off_itself(tiny: Tiny) -> None:
    """Before it writes, before it reads the cloud, before it writes again."""
    cut_off(tiny, "create cache", Tiny.owner, after=MIDST)
    for commands in range(1, 4):
        opened = tiny.open()
        with pytest.raises(Killed):
            recover(replace(opened, cli=Stopping(opened.cli, commands)))
        assert left_behind(opened), "what was begun is forgotten"
    where = "projects/acme/locations/us-east1/instances/cache"
    assert f"cache (Instance) had been created, and is adopted: {where}." in tiny.up()
    tiny.is_whole()


NETWORK = "gcp:compute/network:Network"
RECORD_ZONE = "gcp:dns/managedZone:ManagedZone"


def made_by_somebody(tiny: Tiny, token: str, **inputs: Any) -> None:
    running = find(tiny.state)
    assert running is not None
    client = Client(running.port)
    client.create(token, inputs)
    client.close()


def test_a_name_is_no_proof_and_only_what_is_ours_is_adopted(tiny: Tiny) -> None:
    """The label says so of the zone; of the network, which can bear none, nothing does."""
    made_by_somebody(tiny, NETWORK, name="net")
    ours = {"stack": "service_tiny_test"}
    made_by_somebody(tiny, RECORD_ZONE, name="zone", dnsName="acme.example.", labels=ours)
    with tiny.process() as process:
        printed = process.communicate(timeout=300)[0]
    assert process.returncode != 0
    assert "net already exists" in printed
    tiny.settings["adopt"] = "fw,hedgehog"
    with tiny.process() as process:
        printed = process.communicate(timeout=300)[0]
    assert process.returncode != 0
    known = "a0, a1, cache, fw, net, zone"
    assert f"would create nothing now that is called `hedgehog`. It would create: {known}." in printed
    tiny.settings["adopt"] = "net,zone,fw"
    with tiny.process() as process:
        printed = process.communicate(timeout=300)[0]
    assert "net (Network) is there (projects/acme/global/networks/net), and is left alone" in printed
    assert "zone (ManagedZone) had been created, and is adopted" in printed
    assert "fw (Firewall) had not been created yet." in printed
    assert "net already exists" in printed, "it is somebody else's still"


def test_what_was_there_before_is_not_taken_when_a_creation_is_cut_off(tiny: Tiny) -> None:
    """The provider dies before it asks the cloud: that has a zone by this name, and it isn't ours."""
    made_by_somebody(tiny, RECORD_ZONE, name="zone", dnsName="their.example.")
    before = tiny.held()["zone"]
    tiny.store.add_fault(RECORD_ZONE, "create", "crash-before", 1)
    with tiny.process() as process:
        process.communicate(timeout=300)
    with tiny.process() as process:
        printed = process.communicate(timeout=300)[0]
    assert "began to create it with another dnsName, so somebody else made it" in printed
    assert tiny.held()["zone"] == before


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_at_random(tiny: Tiny, seed: int) -> None:
    for step in range(4):
        dice = crc32(f"{seed} {step}".encode())
        victim, after = (Tiny.owner, Tiny.server)[dice % 2], 1 + dice % 4000 / 1000
        with tiny.process() as process:
            timer = threading.Timer(after, lambda victim=victim: kill(victim(tiny)))
            timer.start()
            process.communicate(timeout=300)
            timer.cancel()
            timer.join()
        assert tiny.made_twice() == []
    tiny.up()
    tiny.is_whole()
