"""Kills pave, Pulumi and the local cloud at random, while two services are worked on in two environments at
once; after each round the same commands mend it, and nothing may be lost, doubled, orphaned or another's.

`python -m tests.engine.chaos KILLS SEED` prints a table, and exits 1 if anything was wrong."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

from pave.local_cloud.process import start
from pave.local_cloud.store import StoredResource
from stacks.backend import state
from tests.engine.chaos_invariants import violations
from tests.engine.chaos_killer import VICTIMS, Blow, Killer
from tests.engine.engine import HOME
from tests.engine.road import Road

FOUNDATIONS = ("foundation.production", "foundation.staging")
SERVICES = ("lunch-menu", "usage-api")
ENVIRONMENTS = ("production", "staging")
STACKS = tuple(f"service.{service}.{place}" for service in SERVICES for place in ENVIRONMENTS)
OPERATIONS = ("up", "up of nothing", "up --refresh", "destroy", "recover")
"""What somebody is killed at; `recover` only after another of these was cut off."""
MOST = {"up": 2, "up --refresh": 2, "up of nothing": 30, "destroy": 30, "recover": 1}
"""After how many changes at most somebody is killed."""
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


class Work(NamedTuple):
    """An operation on a stack, the words of its command, and the blow that it is cut off with."""

    stack: str
    operation: str
    words: list[str]
    blow: Blow


@dataclass
class Tally:
    """What happened: kills by operation and victim, how often a command was typed until it ended well, and
    what was wrong."""

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    tries: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """A table for a person."""
        yield f"{'operation':<14}" + "".join(f"{victim:>10}" for victim in VICTIMS)
        for operation in OPERATIONS:
            yield f"{operation:<14}" + "".join(f"{self.kills[operation, victim]:>10}" for victim in VICTIMS)
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
            self._round(kills)
        return self.tally

    def _round(self, kills: int) -> None:
        first = self.dice.one_of(STACKS)
        stacks = [first, self.dice.one_of([stack for stack in STACKS if stack != first])]
        for service in sorted({stack.split(".")[1] for stack in stacks}):
            self._edit(service)
        work = [self._work(stack) for stack in stacks]
        self._at_once(self._cut_off, work)
        if self.tally.kills.total() < kills and self.dice.below(2):
            start(self.road.state, 0, SPEED)
            self._at_once(self._cut_off, [self._recovery(stack) for stack in stacks])
        self._mend(*(each.words for each in work))
        backend = self.road.state / "pulumi" / "backend"
        everything = {*FOUNDATIONS, *STACKS}
        self.tally.wrong += violations(self.road.store, backend, everything, self.foreign)
        what = " and ".join(f"{each.operation} of {each.stack}" for each in work)
        sys.stderr.write(f"{self.tally.kills.total()} kills: {what}\n")

    def _work(self, stack: str) -> Work:
        """Something to do with a stack, and whom it is to cost his life."""
        known = state(self.road.state / "pulumi" / "backend", stack) or {}
        if not known.get("resources"):
            operation, words = "up of nothing", ["up", stack, "--yes"]
        elif stack.endswith(".staging") and self.dice.below(2):
            operation, words = "destroy", ["destroy", stack, "--confirm", stack, "--with-data"]
        else:
            operation = self.dice.one_of(("up", "up --refresh"))
            words = ["up", stack, "--yes", *operation.split()[1:]]
        return Work(stack, operation, words, self._blow(operation))

    def _recovery(self, stack: str) -> Work:
        return Work(stack, "recover", ["recover", stack], self._blow("recover"))

    def _blow(self, operation: str) -> Blow:
        wait = self.dice.below(600) / 1000
        return Blow(self.dice.one_of(VICTIMS), self.dice.below(MOST[operation]), wait)

    def _at_once(self, do: Callable[[Work], None], work: Sequence[Work]) -> None:
        with ThreadPoolExecutor(len(work)) as pool:
            list(pool.map(do, work))

    def _cut_off(self, work: Work) -> None:
        """Begins something, and kills somebody who is at it."""
        since = self.road.last_call()
        with self._begin(work.words) as process:
            if Killer(self.road, work.stack, process, since).strike(work.blow):
                self.tally.kills[work.operation, work.blow.victim] += 1
            self._judge(work.stack, process.communicate(timeout=LONGEST)[0])

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
