"""The real Pulumi engine on the local cloud: a project of its own, a backend in a folder, no account."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from catalog.loader import load
from catalog.validation import kind_folders
from pave.delivery.held_back import to_be_set
from pave.delivery.secret_values import LocalSecretValues, design_of, holder
from pave.delivery.stated import state_projects
from pave.local_cloud.server import Served, serve
from pave.workspace import Workspace
from stacks.stack import UnknownStack, parse_stack
from tests.built import require_built

HOME = Path(__file__).resolve().parents[2]
CLI = HOME / ".tools" / "pulumi"
HOST = Path(__file__).with_name("language_host.py")
NOW = datetime(2026, 11, 21, tzinfo=UTC)


FOUNDATIONS = ("foundation.production", "foundation.staging")


def require_cli() -> None:
    """Skips where the Pulumi CLI isn't built; a pipeline has it, or fails."""
    require_built(CLI, "make tools")


class Done(NamedTuple):
    """How a command of the CLI ended. `text` is all it printed."""

    code: int
    out: str
    text: str


class Engine:
    """The Pulumi CLI with everything it keeps in `folder`, and a local cloud.

    `catalog` is a copy of the shipped one, to be edited. `project` has the shipped `Pulumi.yaml`; its program
    is the shipped one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.catalog = folder / "catalog"
        (self.project / "stacks").mkdir(parents=True)
        (self.project / "stacks" / "__main__.py").symlink_to(HOME / "stacks" / "__main__.py")
        shutil.copy(HOME / "Pulumi.yaml", self.project)
        for part in kind_folders().values():
            if (HOME / "catalog" / part).is_dir():
                shutil.copytree(HOME / "catalog" / part, self.catalog / part)
        _let_it_be_today(self.catalog)
        for part in ("home", "backend", "bin", "cloud"):
            (folder / part).mkdir()
        host = folder / "bin" / "pulumi-language-python"
        host.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HOST}" "$@"\n')
        host.chmod(0o755)
        self.cloud: Served = serve(folder / "cloud", lambda: NOW)
        state_projects(folder / "cloud", load(self.catalog))
        self.ports = str(self.cloud.port)

    def close(self) -> None:
        self.cloud.stop()

    def pulumi(self, *words: str, env: Mapping[str, str] = {}, timeout: float = 300) -> Done:
        """Runs the CLI with these words, and never asks anybody."""
        done = subprocess.run(
            [str(CLI), "--non-interactive", "--color", "never", *words],
            cwd=self.project,
            env=self.environment() | dict(env),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stdout + done.stderr)

    def environment(self) -> dict[str, str]:
        """Nothing of the tester's own Pulumi, Google or Kubernetes settings."""
        return {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase for tests",
            "PULUMI_DEBUG_PROVIDERS": f"gcp:{self.ports},kubernetes:{self.ports}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }

    def new(self, stack: str) -> None:
        """Makes a stack that judges this catalog, and sets the secrets that its pods would wait for."""
        for words in (
            ("stack", "init", stack, "--secrets-provider", "passphrase"),
            ("config", "set", "pave:catalog", str(self.catalog), "--stack", stack),
        ):
            done = self.pulumi(*words)
            assert done.code == 0, done.text
        set_secrets(self.catalog, stack, self.folder / "cloud")

    def forget(self, stack: str) -> None:
        """Takes a stack away, with all that it has in the cloud."""
        self.pulumi("stack", "rm", "--yes", "--force", "--stack", stack)
        for held in self.cloud.store.resources():
            if f":{stack}::" in held.urn:
                self.cloud.store.delete(held.scope, held.type, held.id)

    def up(self, stack: str, *words: str) -> Done:
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", stack, *words)

    def preview(self, stack: str, *words: str) -> list[dict[str, Any]]:
        """The steps of a preview, as the engine prints them in JSON."""
        done = self.pulumi("preview", "--json", "--stack", stack, *words)
        assert done.code == 0, done.text
        steps: list[dict[str, Any]] = json.loads(done.out)["steps"]
        return steps

    def outputs(self, stack: str) -> dict[str, Any]:
        done = self.pulumi("stack", "output", "--json", "--stack", stack)
        assert done.code == 0, done.text
        found: dict[str, Any] = json.loads(done.out)
        return found

    def edit(self, path: str, old: str, new: str) -> None:
        """Changes the only place in a file of the catalog that reads `old`."""
        file = self.catalog / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{path} has {text.count(old)} × {old!r}"
        file.write_text(text.replace(old, new), "utf-8")

    def replace_program(self, text: str) -> None:
        """Runs another program from now on."""
        main = self.project / "stacks" / "__main__.py"
        main.unlink()
        main.write_text(text, "utf-8")

    def calls(self, since: int = 0) -> list[tuple[str, str]]:
        """Operation and type of every call that changed the cloud, after the call number `since`."""
        return [
            (call.operation, call.type)
            for call in self.cloud.store.calls()
            if call.number > since and call.operation in {"create", "update", "delete"} and not call.preview
        ]

    def last_call(self) -> int:
        return max((call.number for call in self.cloud.store.calls()), default=0)


def set_secrets(catalog: Path, stack: str, state: Path) -> None:
    """Gives every secret of a stack that people set a value, in the local cloud of the folder `state`, if it
    has none."""
    work = Workspace(catalog, NOW.date())
    try:
        design = design_of(work, parse_stack(stack, work.catalog))
    except UnknownStack:
        return
    if design is None:
        return
    values = LocalSecretValues(state)
    for secret in to_be_set(design):
        if not values.has_value(holder(design, secret)):
            values.add(holder(design, secret), b"a value for tests")


def _let_it_be_today(catalog: Path) -> None:
    """Moves every date of a catalog: the gate's clock is real, and the shipped dates are meant for `NOW`."""
    shift = datetime.now(UTC).date() - NOW.date()

    def move(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + shift).isoformat()

    for path in catalog.rglob("*.yaml"):
        path.write_text(re.sub(r"\b\d{4}-\d\d-\d\d\b", move, path.read_text("utf-8")), "utf-8")
