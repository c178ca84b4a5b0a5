"""A stack of six resources, one after the other, on a local cloud of its own: for updates that are cut off.

As a program it is what `pave up` is to a real stack: it recovers, updates, and prints the engine's events:
`python -m tests.engine.tiny FOLDER [SETTING=VALUE...]`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
from pulumi import automation
from pulumi.automation._stack import StackInitMode

from catalog.loader import Catalog
from pave.delivery.engine.cli import Cli, find_cli
from pave.delivery.engine.intents import Intents
from pave.delivery.engine.stack import OpenedStack
from pave.delivery.engine.target import local_target
from pave.delivery.recovery.lock import read_lock
from pave.delivery.recovery.recover import adopt, note_unconfirmed, recover
from pave.delivery.recovery.unconfirmed import refused_creations
from pave.local_cloud.process import find, start, stop
from pave.local_cloud.store import CloudStore, StoredResource, store_file
from pave.refused import Refused
from stacks.backend import cut_off, locks, remove_half_written, state
from stacks.properties import revealed
from stacks.stack import Stack as StackName
from tests.engine.cloud_client import enable_apis
from tests.engine.engine import HOME

NAME = StackName("service", "tiny", "test")
NAMES = ("net", "cache", "fw", "zone", "a0", "a1")
SPEED = 0.002
"""Of the cloud: an instance of Redis takes 0.6 s."""

Event = automation.EngineEvent


def program(settings: dict[str, Any]) -> None:
    """Settings: `size` of the cache; `region` of the address a0, which replaces it; `without`, a name; `dies`
    at a failure, before it is noted."""
    provider = pulumi.ProviderResource("gcp", "gcp", {"project": "acme", "region": "us-east1"})
    area = pulumi.ComponentResource("pave:test:Area", "area")
    before: list[pulumi.Resource] = []

    def make(token: str, name: str, **inputs: Any) -> None:
        if settings.get("without") != name:
            options = pulumi.ResourceOptions(provider=provider, parent=area, depends_on=before[-1:])
            before.append(pulumi.CustomResource(token, name, {"name": name, **inputs}, options))

    make("gcp:compute/network:Network", "net")
    size = int(settings.get("size", 1))
    make(
        "gcp:redis/instance:Instance", "cache", memorySizeGb=size, authEnabled=True, deletionProtection=False
    )
    make("gcp:compute/firewall:Firewall", "fw", network="net")
    make("gcp:dns/managedZone:ManagedZone", "zone", dnsName="acme.example.")
    make("gcp:compute/address:Address", "a0", region=settings.get("region", "us-east1"))
    make("gcp:compute/address:Address", "a1", region="us-east1")


class Stack(automation.Stack):
    """Doesn't ask the engine, after each update, for its history and outputs."""

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary | None:
        del show_secrets
        return automation.UpdateSummary("update", datetime.now(UTC), "", {}, {}, "")

    def outputs(self) -> automation.OutputMap:
        return {}


_cli = cache(find_cli)


@dataclass
class Tiny:
    """The stack with all it keeps in `folder`, which may be a copy of another's."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.folder / "cloud"
        start(self.state, 0, SPEED)
        self.store = CloudStore(store_file(self.state), lambda: datetime.now(UTC))
        enable_apis(self.store)

    def close(self) -> None:
        self.store.close()
        stop(self.state)

    def open(self) -> OpenedStack:
        """As `pave up` opens a stack: that starts the cloud if it doesn't run."""
        target = local_target(self.state, os.environ)
        (target.folder / "Pulumi.yaml").write_text("name: pave\nruntime: python\n")
        remove_half_written(target.backend, str(NAME), time.time())
        cli = Cli(*_cli(), target.environment)
        intents = Intents(target.backend, str(NAME))

        def run() -> None:
            intents.arm()
            program(self.settings)

        workspace = automation.LocalWorkspace(
            work_dir=str(target.folder),
            program=run,
            secrets_provider=target.secrets_provider,
            pulumi_command=cli,
        )
        engine = Stack(f"organization/pave/{NAME}", workspace, StackInitMode.CREATE_OR_SELECT)
        day = date(2026, 11, 21)
        return OpenedStack(NAME, Catalog(HOME / "catalog"), HOME, day, target, cli, engine, intents)

    def process(self) -> "subprocess.Popen[str]":
        """Starts an update, as a process that prints what happens."""
        words = [f"{name}={value}" for name, value in self.settings.items()]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.engine.tiny", str(self.folder), *words],
            cwd=HOME,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def up(self) -> list[str]:
        """Updates, and gives what was printed. Asserts that all went well."""
        with self.process() as process:
            printed = process.communicate(timeout=300)[0]
        assert process.returncode == 0, printed
        return printed.splitlines()

    @property
    def backend(self) -> Path:
        return self.state / "pulumi" / "backend"

    def owner(self) -> int | None:
        """The process that holds the stack's lock."""
        with suppress(FileNotFoundError):
            for path in locks(self.backend, str(NAME)):
                return read_lock(path).pid
        return None

    def server(self) -> int | None:
        """The process of the cloud."""
        running = find(self.state)
        return running.pid if running is not None else None

    def held(self) -> dict[str, StoredResource]:
        """What exists, by the end of its id."""
        return {held.id.rpartition("/")[2]: held for held in self.store.resources()}

    def made_twice(self) -> list[str]:
        """What was created, or asked for, while it existed: by the cloud's own log."""
        there: Counter[str] = Counter()
        twice = []
        for call in self.store.calls():
            if call.is_done and call.operation in {"create", "delete"}:
                there[call.id] += 1 if call.operation == "create" else -1
                twice += [call.id] if there[call.id] > 1 else []
            elif call.operation == "create" and "409" in call.outcome:
                twice.append(call.urn)
        return twice

    def is_whole(self) -> None:
        """Asserts that nothing is lost, nothing was made twice, and nothing is left to be settled."""
        wanted = sorted({*NAMES} - {self.settings.get("without")})
        assert self.made_twice() == []
        assert sorted(held.id.rpartition("/")[2] for held in self.store.resources()) == wanted
        assert {held.urn for held in self.store.resources()} <= {
            call.urn for call in self.store.calls() if call.operation == "create" and call.is_done
        }
        known = state(self.backend, str(NAME))
        assert known is not None
        assert cut_off(known) == []
        assert locks(self.backend, str(NAME)) == []
        ids = sorted(each["id"] for each in known["resources"] if each["type"].startswith("gcp:"))
        assert ids == sorted(held.id for held in self.store.resources())
        for held in self.store.resources():  # no secret of the cloud's stands in the state
            assert revealed(held.outputs.get("authString") or "no secret") not in json.dumps(known)


def kinds(event: Event) -> Iterator[str]:
    """What an event is called here: `create net`, `done create net`, `prelude`."""
    for what, before in (("resource_pre_event", ""), ("res_outputs_event", "done ")):
        step = getattr(event, what)
        if step is not None:
            yield f"{before}{step.metadata.op.value} {step.metadata.urn.rpartition('::')[2]}"
    for what in ("prelude_event", "summary_event", "cancel_event"):
        if getattr(event, what) is not None:
            yield what.removesuffix("_event")


def main(words: list[str]) -> None:
    tiny = Tiny(Path(words[0]), dict(word.split("=", 1) for word in words[1:]))
    events: list[Event] = []

    def saw(event: Event) -> None:
        events.append(event)
        for urn in refused_creations([event]):
            opened.intents.refused(urn)
        for kind in kinds(event):
            say(kind)

    opened = tiny.open()
    adopted = tiny.settings.pop("adopt", "")
    try:
        for line in recover(opened, say).done + (adopt(opened, adopted.split(",")).done if adopted else ()):
            say(line)
    except Refused as error:
        sys.exit(error.message)
    try:
        with opened.intents.kept(lambda _urn: True):
            opened.engine.up(on_event=saw, color="never")
    except automation.CommandError as error:
        if tiny.settings.get("dies"):
            os.kill(os.getpid(), signal.SIGKILL)
        for line in note_unconfirmed(opened, events):
            say(line)
        sys.exit(str(error))
    opened.intents.forget()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
