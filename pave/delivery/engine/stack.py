"""Opens a stack on the real Pulumi engine: with the CLI alone, its program runs in this process."""

import logging
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from catalog.loader import Catalog
from catalog.yaml.text import parse, read
from pave.delivery.engine.target import Target
from pave.refused import Refused
from pave.workspace import HOME
from stacks.backend import mend
from stacks.gate.break_glass import KEY, Glass
from stacks.gate.own_rules import PROJECT_FILE, SETTING
from stacks.stack import PROJECT, Stack

if TYPE_CHECKING:
    from pulumi import automation

    from pave.delivery.engine.cli import Cli


@dataclass(frozen=True)
class Opened:
    """A stack that the engine knows, and what it is made from.

    `engine` is Pulumi's own handle: its `preview`, `up`, `refresh` and `destroy` run the gate and the
    program of `name` on `catalog`, which was read from `root`."""

    name: Stack
    catalog: Catalog
    root: Path
    today: date
    target: Target
    cli: "Cli"
    engine: "automation.Stack"


def open_stack(
    target: Target,
    catalog: Catalog,
    root: Path,
    name: Stack,
    today: date,
    glass: Glass | None = None,
    policies: Path | None = None,
) -> Opened:
    """Opens a stack of the catalog, which is made, empty, when the back end doesn't have it yet.

    `glass` is the broken one of this run: none stays for the next. `policies` is the folder of the own rules
    that the gate asks, instead of what `Pulumi.yaml` says. Raises Refused when there is no CLI, and when the
    back end can't be used."""
    from pulumi import automation

    from pave.delivery.engine.cli import Cli, find_cli, said
    from stacks.gate.gate import run_gated

    cli = Cli(*find_cli(), target.environment)
    _lay_out(target.folder, policies)
    mend(target.backend, str(name), time.time())
    # An engine that ends hangs up on the program; gRPC would print that as a hundred lines of traceback.
    logging.getLogger("grpc._server").setLevel(logging.CRITICAL)
    try:
        workspace = automation.LocalWorkspace(
            work_dir=str(target.folder),
            program=lambda: run_gated(catalog, root, str(name), today),
            secrets_provider=target.secrets_provider,
            pulumi_command=cli,
        )
        engine = automation.Stack.create_or_select(f"organization/{PROJECT}/{name}", workspace)
        _configure(engine, glass)
    except automation.CommandError as error:
        raise Refused(f"The back end {target.backend} can't be used: {said(error)}") from error
    return Opened(name, catalog, root, today, target, cli, engine)


def deployed(target: Target) -> dict[str, int]:
    """The stacks that a back end has, by name, and how many resources the engine counts in each; none are 0.

    Raises Refused."""
    from pulumi import automation

    from pave.delivery.engine.cli import Cli, find_cli, said

    cli = Cli(*find_cli(), target.environment)
    _lay_out(target.folder)
    try:
        found = automation.LocalWorkspace(work_dir=str(target.folder), pulumi_command=cli).list_stacks()
    except automation.CommandError as error:
        raise Refused(f"The back end {target.backend} can't be used: {said(error)}") from error
    return {stack.name.rpartition("/")[2]: stack.resource_count or 0 for stack in found}


def _configure(engine: "automation.Stack", glass: Glass | None) -> None:
    from pulumi import automation

    work_dir = Path(engine.workspace.work_dir)
    settings = work_dir / "stacks" / "config" / f"Pulumi.{engine.name.rpartition('/')[2]}.yaml"
    if settings.is_file() and KEY in settings.read_text("utf-8"):
        engine.remove_config(f"{PROJECT}:{KEY}")
    if glass is not None:
        given = {
            name: automation.ConfigValue(str(value)) for name, value in msgspec.to_builtins(glass).items()
        }
        engine.set_all_config({f"{PROJECT}:{KEY}.{name}": value for name, value in given.items()}, path=True)


def _lay_out(folder: Path, policies: Path | None = None) -> None:
    """A project like the one of the checkout, so that no stack's settings end up in there; with `policies`,
    it names that folder of own rules."""
    project = parse(read(HOME / PROJECT_FILE, PROJECT_FILE), PROJECT_FILE).data
    if policies is not None:
        settings = {name: value for name, value in project.get("config", {}).items() if name != SETTING}
        project["config"] = {**settings, f"{PROJECT}:{SETTING}": {"value": str(policies.resolve())}}
    (folder / PROJECT_FILE).write_bytes(msgspec.json.encode(project))  # JSON is YAML, too
    (folder / "stacks" / "config").mkdir(parents=True, exist_ok=True)
