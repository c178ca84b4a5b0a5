"""The options that say who judges. What they say reaches a command as one value, `asked`."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from pave.asked_rules import URL, VARIABLE, AskedRules, AskedServer
from pave.refused import Refused

F = TypeVar("F", bound=Callable[..., Any])


def own_rules_option(command: F) -> F:
    """`--policies DIR`: an organisation's own rules, to be asked. Those of `REF:DIR` are at that place for as
    long as the command runs."""
    return click.option(
        "--policies",
        "asked",
        callback=_of_revision,
        metavar="[REF:]DIR",
        help="Your own rules, beside those of pave: DIR/rules/<pillar>/<rule_name>/ (of a git revision).",
    )(command)


def _of_revision(context: click.Context, _parameter: click.Parameter, value: str | None) -> AskedRules:
    if value is None or ":" not in value:  # even where there is a folder of that name
        return AskedRules(None if value is None else Path(value))
    from pave.git import folder_at

    revision, _, folder = value.rpartition(":")
    return AskedRules(context.with_resource(folder_at(revision, Path(folder))))


def own_folder_option(command: F) -> F:
    """`--policies DIR`: an organisation's own rules, where only those that lie there will do."""
    return click.option(
        "--policies",
        "asked",
        type=click.Path(path_type=Path),
        callback=lambda _context, _parameter, value: AskedRules(value),
        metavar="DIR",
        help="Your own rules: DIR/rules/<pillar>/<rule_name>/.",
    )(command)


def rules_options(command: F) -> F:
    """`--engine` with the options of its server, and `--policies`."""

    @functools.wraps(command)
    def collected(engine: str, asked: AskedRules, **others: Any) -> Any:
        server = AskedServer(*(others.pop(f"opa_{name}") for name in AskedServer._fields))
        if engine == "embedded":
            for name, value in server._asdict().items():
                if value is not None:
                    raise Refused(f"--opa-{name.replace('_', '-')} needs --engine opa.")
            return command(asked=asked, **others)
        return command(asked=asked._replace(server=server), **others)

    a_file = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = (
        click.option(
            "--engine",
            type=click.Choice(["embedded", "opa"]),
            default="embedded",
            show_default=True,
            help="What decides: the compiled rules in this process, or an OPA server that holds them.",
        ),
        click.option("--opa-url", metavar="URL", help=f"The OPA server (default: {URL})."),
        click.option(
            "--opa-token-file", type=a_file, metavar="FILE", help=f"Its bearer token (default: ${VARIABLE})."
        ),
        click.option("--opa-ca", type=a_file, metavar="FILE", help="PEM file of the authority to trust."),
        click.option(
            "--opa-timeout",
            type=click.FloatRange(min=0, min_open=True, max=600),
            metavar="SECONDS",
            help="Longest wait for it (default: 10).",
        ),
        click.option(
            "--opa-retries",
            type=click.IntRange(0, 10),
            metavar="N",
            help="How often it is asked again when it is away or busy (default: 2).",
        ),
        own_rules_option,
    )
    for option in reversed(options):
        collected = option(collected)
    return cast(F, collected)
