"""Opens a stack on the real Pulumi engine. Only the CLI is another process: the program runs in this one."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from catalog.loader import Catalog
from catalog.yaml.text import parse, read
from pave.delivery.engine.alive import record_of
from pave.delivery.engine.cut_state import require_whole
from pave.delivery.engine.intents import Intents
from pave.delivery.engine.target import Target
from pave.delivery.stated import state_projects
from pave.files import replace_file
from pave.refused import Refused
from pave.workspace import HOME
from stacks.backend import folder_of, remove_half_written, stack_names, state
from stacks.budgets.known import BudgetAnswer
from stacks.gate.break_glass import KEY, Glass
from stacks.gate.own_rules import PROJECT_FILE, SETTING
from stacks.stack import PROJECT, Stack

if TYPE_CHECKING:
    from pulumi import automation

    from pave.delivery.engine.cli import Cli


@dataclass(frozen=True)
class OpenedStack:
    """A stack that exists in a back end, with all that its operations need.

    `engine` is the Automation API's stack: its `preview` and `up` run the gate and the program of `name` on
    `catalog`, which was read from the folder `root`, for the day `today`. `cli` is the CLI that it uses, and
    `target` the cloud and the back end. `intents` are what an update of it writes down."""

    name: Stack
    catalog: Catalog
    root: Path
    today: date
    target: Target
    cli: "Cli"
    engine: "automation.Stack"
    intents: Intents


def open_stack(
    target: Target,
    catalog: Catalog,
    root: Path,
    name: Stack,
    today: date,
    glass: Glass | None = None,
    policies: Path | None = None,
    budget: BudgetAnswer | None = None,
    reliability: Glass | None = None,
    now: datetime | None = None,
    program: Callable[[], None] | None = None,
) -> OpenedStack:
    """Selects a stack in the back end, or creates it there, empty.

    `glass` is the broken glass of this run, written into the stack's configuration; that of an earlier run is
    removed. `policies` is the folder of the organisation's own rules that the gate asks, instead of the one
    that `Pulumi.yaml` names. `budget` and `reliability` are what `run_gated` is told;
    it judges for the time `now` (UTC), without it for that of the clock on the day `today`. A `program` is
    run in place of the gated one by previews alone, which look what exists. A local cloud has the quotas that
    the catalog states from then on. Raises Refused when there is no CLI, and when the back end can't be
    used."""
    from pulumi import automation
    from pulumi.runtime import is_dry_run

    from pave.delivery.engine.cli import Cli, find_cli, said
    from stacks.gate.gate import run_gated
    from stacks.rollouts.own_cluster import clusters

    if target.state is not None:
        state_projects(target.state, catalog)
    require_whole(target.backend, str(name))
    backend = folder_of(target.backend)
    record = record_of(backend, str(name)) if backend is not None else None
    cli = Cli(*find_cli(), target.environment, record)
    intents = Intents(target.backend, str(name))
    _lay_out(target.folder, policies)
    remove_half_written(target.backend, str(name), time.time())
    # An engine that ends hangs up on the program; gRPC would print that as a hundred lines of traceback.
    logging.getLogger("grpc._server").setLevel(logging.CRITICAL)

    def run() -> None:
        intents.arm()
        if program is not None and is_dry_run():
            program()
            return
        moment = now or on_day(today)
        run_gated(catalog, root, str(name), moment, budget, reliability, clusters(target.environment))

    try:
        workspace = automation.LocalWorkspace(
            work_dir=str(target.folder),
            program=run,
            secrets_provider=target.secrets_provider,
            pulumi_command=cli,
        )
        engine = automation.Stack.create_or_select(f"organization/{PROJECT}/{name}", workspace)
        _configure(engine, glass)
    except automation.CommandError as error:
        raise Refused(f"The back end {target.backend} can't be used: {said(error)}") from error
    return OpenedStack(name, catalog, root, today, target, cli, engine, intents)


def on_day(today: date) -> datetime:
    """The time of the clock (UTC) on a day that it is taken to be."""
    return datetime.combine(today, datetime.now(UTC).timetz())


def deployed(target: Target) -> set[str]:
    """The names of the stacks of a back end that have resources, or whose state can't be read: it may have.

    Raises Refused when there is no CLI, and when the back end can't be used."""
    folder = folder_of(target.backend)
    if folder is not None:  # the engine lists no stack when it can't read one
        states = ((stack, state(folder, stack)) for stack in stack_names(folder))
        return {stack for stack, found in states if found is None or found.get("resources")}
    from pulumi import automation

    from pave.delivery.engine.cli import Cli, find_cli, said

    cli = Cli(*find_cli(), target.environment)
    _lay_out(target.folder)
    try:
        found = automation.LocalWorkspace(work_dir=str(target.folder), pulumi_command=cli).list_stacks()
    except automation.CommandError as error:
        raise Refused(f"The back end {target.backend} can't be used: {said(error)}") from error
    return {stack.name.rpartition("/")[2] for stack in found if stack.resource_count}


def outputs_of(target: Target, stack: str) -> dict[str, Any]:
    """The outputs of a stack by their names; none where there is no such stack. Raises Refused when there is
    no CLI, and when the back end can't be used."""
    from pulumi import automation

    from pave.delivery.engine.cli import Cli, find_cli, said

    cli = Cli(*find_cli(), target.environment)
    _lay_out(target.folder)
    workspace = automation.LocalWorkspace(work_dir=str(target.folder), pulumi_command=cli)
    try:
        found = workspace.stack_outputs(f"organization/{PROJECT}/{stack}")
    except automation.StackNotFoundError:
        return {}
    except automation.CommandError as error:
        raise Refused(f"The back end {target.backend} can't be used: {said(error)}") from error
    return {name: output.value for name, output in found.items()}


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
    replace_file(folder / PROJECT_FILE, msgspec.json.encode(project))  # JSON is YAML, too
    (folder / "stacks" / "config").mkdir(parents=True, exist_ok=True)
