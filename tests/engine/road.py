"""`pave up` and its siblings as a person uses them: a catalog to edit, and a local cloud of one's own."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from pave.local_cloud.process import stop
from pave.local_cloud.store import CloudStore, StoredResource, store_file
from tests.engine.engine import HOME, Done, require_cli, set_secrets

DAY = "2026-11-21"
"""The day that the shipped catalog's dates are meant for."""


class Road:
    """A copy of the shipped catalog, and what pave keeps of its stacks, below `folder`."""

    def __init__(self, folder: Path) -> None:
        require_cli()
        self.catalog = folder / "catalog"
        self.state = folder / "cloud"
        shutil.copytree(HOME / "catalog", self.catalog, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        self._kept = folder / "kept"
        self.keep()
        self._minute = 15
        self.state.mkdir()
        self.store = CloudStore(store_file(self.state), lambda: datetime.now(UTC))

    def close(self) -> None:
        self.store.close()
        stop(self.state)

    def command(self, *words: str) -> list[str]:
        """The command line of `pave WORDS` on this catalog and cloud."""
        today = ["--today", DAY] if words[0] in {"up", "preview"} else []
        where = [] if words[0] == "cloud" else ["--catalog", str(self.catalog)]
        return [sys.executable, "-m", "pave", *words, *where, "--state", str(self.state), *today]

    def pave(self, *words: str) -> Done:
        """Runs a command. Nobody is there to be asked."""
        done = subprocess.run(
            self.command(*words),
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "COLUMNS": "1000"},  # a sentence stays on its line
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stdout + done.stderr)

    def set_secrets(self, *stacks: str) -> None:
        """Gives every secret of these stacks that people set a value."""
        for stack in stacks:
            set_secrets(self.catalog, stack, self.state)

    def up(self, *words: str) -> Done:
        return self.pave("up", *words, "--yes")

    def edit(self, path: str, old: str, new: str) -> None:
        """Changes the only place in a file of the catalog that reads `old`."""
        file = self.catalog / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{path} has {text.count(old)} × {old!r}"
        file.write_text(text.replace(old, new), "utf-8")

    def reschedule(self) -> str:
        """Edits a spec so that one resource changes, each time to something else. Gives the new schedule."""
        old, self._minute = f"{self._minute} 1 * * *", self._minute + 1
        new = f"{self._minute} 1 * * *"
        self.edit("services/invoice-archive.yaml", f"schedule: {old}", f"schedule: {new}")
        return new

    def keep(self) -> None:
        """Takes the catalog as it is for what `restore` goes back to: it was applied."""
        shutil.copytree(self.catalog, self._kept, dirs_exist_ok=True)

    def restore(self) -> None:
        """Undoes every edit since the last that was kept."""
        shutil.copytree(self._kept, self.catalog, dirs_exist_ok=True)
        text = (self.catalog / "services" / "invoice-archive.yaml").read_text("utf-8")
        self._minute = int(text.partition("schedule: ")[2].split()[0])

    def last_call(self) -> int:
        return max((call.number for call in self.store.calls()), default=0)

    def calls(self, since: int = 0) -> list[tuple[str, str, str]]:
        """Operation, type and outcome of what should have changed the cloud after the call number `since`."""
        return [
            (call.operation, call.type, call.outcome)
            for call in self.store.calls(since)
            if call.operation in {"create", "update", "delete"} and not call.preview
        ]

    def held(self, token: str, end: str) -> StoredResource:
        """The only resource of a type whose id ends so."""
        (found,) = [one for one in self.store.resources() if one.type == token and one.id.endswith(end)]
        return found

    def change_behind(self, held: StoredResource, *, only_outputs: bool = False, **values: object) -> None:
        """Somebody changes a resource by hand; or the cloud what it says of one by itself."""
        inputs = held.inputs if only_outputs else held.inputs | values
        self.store.update(held.scope, held.type, held.id, inputs, held.outputs | values)

    def delete_behind(self, held: StoredResource) -> None:
        """Somebody deletes a resource by hand."""
        self.store.delete(held.scope, held.type, held.id)


def flat(text: str) -> str:
    """All of a text on one line, however it was wrapped."""
    return " ".join(text.split())


def lines(text: str, *parts: str) -> list[str]:
    """The lines that hold all of these."""
    return [line for line in text.splitlines() if all(part in line for part in parts)]
