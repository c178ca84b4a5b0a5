"""`pave cloud`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pave.command_group import CommandGroup
from pave.exit_code import ExitCode
from pave.finding import STATE, find_state
from pave.local_cloud.faults import FAULTS
from pave.options import LongCommand, catalog_option
from pave.refused import Refused

EXAMPLE = """\b
Examples:
  pave up foundation.production                    starts it
  pave cloud ls
  export $(pave cloud status --environment)        for bare `pulumi up`
  pave cloud fault add --type '*:DatabaseInstance' --code 503 --times 2
"""
OPERATIONS = ("create", "update", "delete")
F = TypeVar("F", bound=Callable[..., Any])


def state_option(command: F) -> F:
    """`--state DIR`."""
    return click.option(
        "--state",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: find_state(Path.cwd()),
        show_default=f"{STATE}, here or in a folder above",
        metavar="DIR",
        help="Where the local cloud keeps what it holds.",
    )(command)


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Try stacks on a cloud of your own: no account, nothing leaves this machine.

    It stands in for Google Cloud and Kubernetes behind the real Pulumi engine, as far as our components need
    them. It keeps resources and gives addresses; nothing runs in it."""


@command.command(cls=LongCommand)
@state_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Listen here (default: any free port)."
)
@click.option(
    "--speed",
    type=click.FloatRange(0),
    default=0.0,
    metavar="FACTOR",
    help="How many real seconds a simulated one takes: 0.01 makes a database wait for 6 s (default: 0).",
)
@catalog_option
def start(state: Path, port: int, speed: float, root: Path) -> None:
    """Start it, or find it running. On localhost only.

    Its projects have the quotas that the environments of the catalog state, where there is one, and else
    those of new projects; `pave cloud set quota` goes before both."""
    from pave.local_cloud.process import NotStarted
    from pave.local_cloud.process import start as start_process

    try:
        running = start_process(state, port, speed)
    except NotStarted as error:
        raise Refused(f"The local cloud didn't start: {error} ({state / 'server.log'})") from error
    if root.is_dir():
        from catalog.loader import load
        from pave.delivery.stated import state_projects

        state_projects(state, load(root))
    click.echo(f"The local cloud in {state} answers on 127.0.0.1:{running.port}.")
    click.echo(f"For Pulumi: export {running.environment}")


@command.command()
@state_option
def stop(state: Path) -> None:
    """Stop it. What it holds stays; delete the folder to start from nothing."""
    from pave.local_cloud.process import stop as stop_process

    click.echo(f"Stopped. {state} stays." if stop_process(state) else f"None is running in {state}.")


@command.command()
@state_option
@click.option("--environment", is_flag=True, help="Only print the variable that Pulumi needs.")
def status(state: Path, environment: bool) -> None:
    """Say whether it runs: exit 0 if it does, 1 if not."""
    from pave.local_cloud.inspection import store_in
    from pave.local_cloud.process import find

    running = find(state)
    if running is None:
        click.echo(f"None is running in {state}. Run `pave cloud start`.", err=True)
        sys.exit(ExitCode.NO)
    if environment:
        click.echo(running.environment)
        return
    store = store_in(state)
    click.echo(f"The local cloud in {state} answers on 127.0.0.1:{running.port} (process {running.pid}).")
    click.echo(
        f"{len(store.resources())} resources, {len(store.calls())} calls, {len(store.faults())} faults."
    )


@command.command()
@state_option
@click.option("--type", "token", default="*", metavar="GLOB", help="Only types like this.")
def ls(state: Path, token: str) -> None:
    """List what exists."""
    from fnmatch import fnmatchcase

    from pave.local_cloud.inspection import store_in

    for held in store_in(state).resources():
        if fnmatchcase(held.type, token):
            click.echo(f"{held.type}  {held.id}")


@command.command()
@state_option
@click.argument("name", metavar="ID|NAME")
def show(state: Path, name: str) -> None:
    """Show a resource as JSON, without its secrets. NAME is the end of its id."""
    from pave.local_cloud.inspection import resource_named
    from stacks.properties import redacted

    held = resource_named(state, name)
    shown = {**held._asdict(), "inputs": redacted(held.inputs), "outputs": redacted(held.outputs)}
    click.echo(json.dumps(shown, indent=2, ensure_ascii=False))


@command.command()
@state_option
@click.option("--all", "is_all", is_flag=True, help="Reads, diffs, checks and previews too.")
def log(state: Path, is_all: bool) -> None:
    """Show the calls that the engine made, oldest first."""
    from pave.local_cloud.inspection import store_in

    for call in store_in(state).calls():
        if is_all or (call.operation in OPERATIONS and not call.preview):
            preview = " (preview)" if call.preview else ""
            click.echo(
                f"{call.at}  {call.operation}{preview}  {call.type}  {call.id or call.urn}  {call.outcome}"
            )


@command.command(name="set")
@state_option
@click.argument("kind")
@click.argument("name")
@click.argument("value")
def set_(state: Path, kind: str, name: str, value: str) -> None:
    """Set what is so in a project without being a resource: `pave cloud kinds` lists what can be."""
    from pave.local_cloud.inspection import store_in
    from pave.local_cloud.known_names import not_yet, unknown
    from pave.local_cloud.settings import NotSettable, checked

    try:
        kind, name, value = checked(kind, name, value)
    except NotSettable as error:
        raise Refused(f"{error} `pave cloud kinds` says more.") from error
    if why := unknown(kind, name):
        raise Refused(f"{why} Nothing was set.")
    store = store_in(state)
    note = not_yet(kind, name, store.settings(), store.resources())
    store.set(kind, name, value)
    click.echo(f"From now on {kind} {name} is {value}.{f' {note}' if note else ''}")


@command.command()
@state_option
@click.argument("kind")
@click.argument("name")
def unset(state: Path, kind: str, name: str) -> None:
    """Put it back to what it is by itself: an API that a stack has enabled is enabled, the rest as by
    default."""
    from pave.local_cloud.inspection import put_back, store_in

    if not put_back(store_in(state), kind, name):
        raise Refused(f"No {kind} {name} is set. `pave cloud kinds --set` lists what is.")
    click.echo(f"{kind} {name} is as by itself.")


@command.command()
@state_option
@click.option("--set", "is_set", is_flag=True, help="What is set now instead, and by whom.")
def kinds(state: Path, is_set: bool) -> None:
    """List what `pave cloud set` can set, and what each means."""
    from pave.local_cloud.inspection import said_settings, store_in
    from pave.local_cloud.settings import KINDS

    if is_set:
        for by, lines in said_settings(store_in(state)).items():
            click.echo(f"{by}:" if lines else f"{by}: nothing")
            click.echo("".join(f"  {line}\n" for line in lines), nl=False)
        return
    from pave.layout import wrapped
    from pave.terminal import screen_width

    width = screen_width()
    for kind, known in KINDS.items():
        head = f"{kind} {known.names} {'|'.join(known.values) or known.written}"
        lines = wrapped(head, width, rest="  ") + wrapped(known.meaning, width, "    ")
        click.echo("\n".join(lines))


@command.group()
def fault() -> None:
    """Let coming calls fail, to see how an update survives it."""


@fault.command()
@state_option
@click.option("--type", "token", default="*", metavar="GLOB", help="Only types like this: '*:Instance'.")
@click.option("--operation", type=click.Choice([*OPERATIONS, "*"]), default="*", help="Only this operation.")
@click.option("--code", type=click.Choice(tuple(FAULTS)), required=True, help="How they fail.")
@click.option("--times", type=click.IntRange(1), default=1, show_default=True, help="How many calls fail.")
def add(state: Path, token: str, operation: str, code: str, times: int) -> None:
    """Add a fault. 429 and 503 pass when the provider tries again; after `timeout` and `crash` the cloud has
    done what it was asked, but nobody heard; after `crash-before` it hasn't. Both crashes end it."""
    from pave.local_cloud.inspection import store_in

    store_in(state).add_fault(token, operation, code, times)


@fault.command(name="ls")
@state_option
def faults(state: Path) -> None:
    """List the faults that are still to come."""
    from pave.local_cloud.inspection import store_in

    for each in store_in(state).faults():
        click.echo(f"{each.code}  {each.operation}  {each.type}  {each.remaining} more")


@fault.command()
@state_option
def clear(state: Path) -> None:
    """Forget all faults."""
    from pave.local_cloud.inspection import store_in

    store_in(state).clear_faults()
