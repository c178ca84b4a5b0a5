"""Kills pave, Pulumi and the local cloud at random, while two services are worked on in two environments at
once; after each round the same commands mend it, and nothing may be lost, doubled, orphaned or another's.

`python -m tests.engine.chaos KILLS SEED` prints a table, and exits 1 if anything was wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

from pave.delivery.recovery.lock import Unreadable, read_lock
from pave.local_cloud.process import find, start
from pave.local_cloud.store import StoredResource
from stacks.backend import locks
from tests.engine.chaos_invariants import violations
from tests.engine.engine import HOME
from tests.engine.road import Road

FOUNDATIONS = ("foundation.production", "foundation.staging")
SERVICES = ("lunch-menu", "usage-api")
ENVIRONMENTS = ("production", "staging")
STACKS = tuple(f"service.{service}.{place}" for service in SERVICES for place in ENVIRONMENTS)
OPERATIONS = ("up", "destroy", "up --refresh", "recover")
VICTIMS = ("pave", "pulumi", "cloud")
SPEED = 0.001
"""Of the cloud: ten simulated minutes take 0.6 s."""
TRIES = 3
"""How often a command may be typed again until all is well."""
LONGEST = 240
"""Seconds that a command may take."""


class Dice:
    """Chances that are the same again for the same seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._thrown = 0

    def below(self, end: int) -> int:
        """Any number from 0 on."""
        self._thrown += 1
        return crc32(f"{self._seed} {self._thrown}".encode()) % end

    def one_of(self, options: Sequence[str]) -> str:
        """Any of them."""
        return options[self.below(len(options))]


@dataclass
class Tally:
    """What happened: kills by operation and victim, how often a command was typed until it ended well, and
    what was wrong."""

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    tries: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """A table for a person."""
        yield f"{'operation':<14}" + "".join(f"{victim:>8}" for victim in VICTIMS)
        for operation in OPERATIONS:
            yield f"{operation:<14}" + "".join(f"{self.kills[operation, victim]:>8}" for victim in VICTIMS)
        mended = ", ".join(f"{times} at try {number}" for number, times in sorted(self.tries.items()))
        yield f"{self.kills.total()} kills; mended: {mended or 'nothing to mend'}"
        yield from (f"WRONG  {each}" for each in self.wrong)
        yield f"{len(self.wrong)} wrong"


class Chaos:
    """A cloud with two foundations and two services on each, and things of somebody else's beside them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.road = Road(folder)
        self.dice = Dice(seed)
        self.tally = Tally()
        self._number = 0
        for service in SERVICES:
            self._place(service)
        start(self.road.state, 0, SPEED)
        for stacks in (FOUNDATIONS, STACKS):
            self._mend(*(["up", stack, "--yes"] for stack in stacks))
        self.tally.tries.clear()
        self.foreign = self._seed()

    def run(self, kills: int) -> Tally:
        """Rounds until so many kills have met somebody alive."""
        while self.tally.kills.total() < kills and not self.tally.wrong:
            self._round()
        return self.tally

    def _round(self) -> None:
        operation, first = self.dice.one_of(OPERATIONS), self.dice.one_of(STACKS)
        stacks = [first, self.dice.one_of([stack for stack in STACKS if stack != first])]
        for service in sorted({stack.split(".")[1] for stack in stacks}):
            self._edit(service)
        running = {stack: self._begin(self._words(operation, stack)) for stack in stacks}
        time.sleep(1 + self.dice.below(11_000) / 1000)
        self._kill(operation, self.dice.one_of(stacks), running)
        for stack, process in running.items():
            said = process.communicate(timeout=LONGEST)[0]
            self._judge(stack, said)
        self._mend(*(["up", stack, "--yes"] for stack in stacks))
        backend = self.road.state / "pulumi" / "backend"
        everything = {*FOUNDATIONS, *STACKS}
        self.tally.wrong += violations(self.road.store, backend, everything, self.foreign)
        sys.stderr.write(f"{self.tally.kills.total()} kills: {operation} of {' and '.join(stacks)}\n")

    def _words(self, operation: str, stack: str) -> list[str]:
        if operation == "destroy" and stack.endswith(".staging"):
            return ["destroy", stack, "--confirm", stack, "--with-data"]
        if operation == "recover":
            return ["recover", stack]
        return ["up", stack, "--yes", *(["--refresh"] if operation == "up --refresh" else [])]

    def _kill(self, operation: str, stack: str, running: "dict[str, subprocess.Popen[str]]") -> None:
        victim = self.dice.one_of(VICTIMS)
        pid = self._pid(victim, stack, running)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.tally.kills[operation, victim] += 1

    def _pid(self, victim: str, stack: str, running: "dict[str, subprocess.Popen[str]]") -> int | None:
        if victim == "pave":
            return running[stack].pid if running[stack].poll() is None else None
        if victim == "cloud":
            found = find(self.road.state)
            return found.pid if found is not None else None
        with suppress(FileNotFoundError, Unreadable):
            for path in locks(self.road.state / "pulumi" / "backend", stack):
                return read_lock(path).pid
        return None

    def _begin(self, words: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.road.command(*words),
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _mend(self, *commands: list[str]) -> None:
        """Types commands, at once, each until it ends well."""
        with ThreadPoolExecutor(len(commands)) as pool:
            list(pool.map(self._retry, commands))

    def _retry(self, words: list[str]) -> None:
        said = ""
        for number in range(1, TRIES + 1):
            start(self.road.state, 0, SPEED)
            with self._begin(words) as process:
                said = process.communicate(timeout=LONGEST)[0]
            self._judge(words[1], said)
            if process.returncode == 0:
                self.tally.tries[number] += 1
                return
        self.tally.wrong.append(f"`pave {' '.join(words)}` didn't mend it:\n{said[-1500:]}")

    def _judge(self, stack: str, said: str) -> None:
        if "Traceback" in said:
            self.tally.wrong.append(f"{stack}: {said[-1500:]}")

    def _place(self, service: str) -> None:
        """Puts a service into both environments, and nowhere else."""
        file = self.road.catalog / "services" / f"{service}.yaml"
        text = file.read_text("utf-8").partition("  environments:\n")[0]
        names = "".join(f"    - name: {name}\n" for name in ENVIRONMENTS)
        file.write_text(f"{text}  environments:\n{names}", "utf-8")

    def _edit(self, service: str) -> None:
        """Another image, which changes something in each environment."""
        self._number += 1
        file = self.road.catalog / "services" / f"{service}.yaml"
        digest, text = rf"\g<1>{self._number:04x}", file.read_text("utf-8")
        text = re.sub(r"(sha256:[0-9a-f]{60})[0-9a-f]{4}", digest, text)
        file.write_text(text, "utf-8")

    def _seed(self) -> list[StoredResource]:
        """The same names in projects of somebody else's: what a lookup that strays would take."""
        urn = "urn:pulumi:theirs::theirs::theirs::theirs"
        for held in self.road.store.resources():
            if held.type.startswith("gcp:"):
                theirs = f"{held.scope}-of-others"
                inputs, outputs = (
                    json.loads(json.dumps(each).replace(held.scope, theirs))
                    for each in (held.inputs, held.outputs)
                )
                self.road.store.insert(theirs, held.type, held.id, urn, inputs, outputs)
        return [one for one in self.road.store.resources() if one.scope.endswith("-of-others")]

    def close(self) -> None:
        """Stops the cloud."""
        self.road.close()


def main(words: list[str]) -> None:
    kills, seed = int(words[0]), int(words[1])
    with TemporaryDirectory(prefix="chaos-") as folder:
        chaos = Chaos(Path(folder), seed)
        try:
            tally = chaos.run(kills)
        finally:
            chaos.close()
    sys.stdout.write("\n".join(tally.lines()) + "\n")
    sys.exit(1 if tally.wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
