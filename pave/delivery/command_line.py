"""A command on one stack, as it was typed and as it is typed again."""

import shlex
from pathlib import Path
from typing import NamedTuple

from pave.asked_rules import SHIPPED, AskedRules
from pave.delivery.engine.target import AskedCloud
from pave.finding import find_catalog, find_state


class CommandLine(NamedTuple):
    """What a person typed about one stack, to act on it and to quote the next command to type. `glass` are
    the values of `--break-glass`, `asked` is what `--policies` said, `budget` what `--budget` did, and
    `reliability` the values of `--reliability`."""

    stack: str
    root: Path
    cloud: AskedCloud
    glass: tuple[str, ...] = ()
    asked: AskedRules = SHIPPED
    budget: str | None = None
    reliability: tuple[str, ...] = ()

    def of(self, verb: str, *more: str) -> str:
        """The command `pave VERB STACK`, quoted for a shell, with the options that differ from their defaults
        and the words of `more`. A verb may have two words: `secrets set`."""
        here = Path.cwd()
        options = {
            "--catalog": (str(self.root), str(find_catalog(here))),
            "--cloud": (self.cloud.name, "local"),
            "--state": (str(self.cloud.state), str(find_state(here))),
        }
        given = [
            word for name, (value, default) in options.items() if value != default for word in (name, value)
        ]
        if verb in {"up", "preview"}:
            given += [word for part in self.glass for word in ("--break-glass", part)]
            given += [word for part in self.reliability for word in ("--reliability", part)]
            given += ["--budget", self.budget] if self.budget is not None else []
            given += ["--policies", str(self.asked.own)] if self.asked.own is not None else []
        return shlex.join(["pave", *verb.split(), self.stack, *given, *more])
