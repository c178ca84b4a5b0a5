"""`pave edge`."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.command_group import CommandGroup
from pave.options import catalog_option, environment_option, format_option

if TYPE_CHECKING:
    from pave.reviewing.wording import Locator
    from pave.workspace import Workspace

EXAMPLE = """\b
Examples:
  pave edge show customersdot
  pave edge test customersdot --request 'POST /customers/sign_in' --rate 50/1m
  pave edge replay customersdot --log access.log --save replay.json
  pave edge evidence customersdot replay.json
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Show what stands at a host, and ask what it does with a request."""


@command.command(epilog="\b\nExample:\n  pave edge show customers.acme.example --env production\n")
@click.argument("host", metavar="HOST|SERVICE")
@catalog_option
@environment_option
@format_option("text", "json")
def show(host: str, root: Path, environment: str | None, format_: str) -> None:
    """Show the routes of a HOST and the rules in front of each, in the order in which they are asked, with
    who said so, and where. A limit is told in words: what one client may really do."""
    from pave.edge.hosts import edge_at
    from pave.edge.shown import as_text, edge_report
    from pave.plain import json_text
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    report = edge_report(edge_at(work, host, environment), _locator(work))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)


@command.command(
    epilog="\b\nExamples:\n  pave edge test customersdot --request 'POST /customers/sign_in' --rate 50/1m\n"
    "  pave edge test customers.acme.example --request 'GET /?id=1%27%20OR%201=1' --ip 198.51.100.9\n"
)
@click.argument("host", metavar="HOST|SERVICE")
@click.option("--request", required=True, metavar="'METHOD PATH'", help="What is asked, as in `GET /a?b=c`.")
@click.option(
    "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="May be given more than once."
)
@click.option(
    "--body", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="What it sends."
)
@click.option("--ip", metavar="ADDRESS", help="The client's.")
@click.option("--region", metavar="CC", help="Where the client is, as two letters.")
@click.option("--rate", metavar="N/1m", help="So many of them from this client in such a time.")
@click.option("--past-proxy", is_flag=True, help="It comes to the origin itself, not through the proxy.")
@catalog_option
@environment_option
@format_option("text", "json")
def test(
    host: str,
    request: str,
    headers: tuple[str, ...],
    body: Path | None,
    ip: str | None,
    region: str | None,
    rate: str | None,
    past_proxy: bool,
    root: Path,
    environment: str | None,
    format_: str,
) -> None:
    """Say what a HOST does with a request: its route, the rule that decides, and why the others didn't.

    Exit 0 it comes through; 1 it is refused, or at that rate some are; 3 it isn't known, as core rules can't
    be asked."""
    from pave.edge.asked import asked_rate, asked_request
    from pave.edge.hosts import edge_at
    from pave.edge.tested import as_text, edge_test_report
    from pave.plain import json_text
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    edge = edge_at(work, host, environment)
    asked = asked_request(edge, request, headers, body, ip, region, past_proxy=past_proxy)
    report = edge_test_report(edge, asked, asked_rate(rate), _locator(work))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(report.exit_code)


@command.command(
    epilog="\b\nExamples:\n  pave edge replay customersdot --log access.log\n"
    "  pave edge replay customersdot --log requests.json --without-core-rules --save replay.json\n"
)
@click.argument("host", metavar="HOST|SERVICE")
@click.option(
    "--log",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="A log of Google's load balancers as JSON, of a web server in the combined format, or a file of the"
    " core rules' own requests.",
)
@click.option(
    "--without-core-rules", is_flag=True, help="Leave out core rules, which take milliseconds each."
)
@click.option(
    "--save", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Keep the report as JSON."
)
@catalog_option
@environment_option
@format_option("text", "json")
def replay(
    host: str,
    path: Path,
    without_core_rules: bool,
    save: Path | None,
    root: Path,
    environment: str | None,
    format_: str,
) -> None:
    """Say whom the rules of a HOST would have refused or limited, had none been in preview: by rule, path and
    client, and who of them had been answered, which are likely false alarms. Values in queries are masked.

    Exit 0 nobody who was answered; 1 some; 3 it isn't known of all requests."""
    from pave.edge.hosts import guarded_edge_at
    from pave.edge.logs import read_log
    from pave.edge.replayed import as_text, replay_report
    from pave.edge.replaying import replay as replayed
    from pave.files import replace_file
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    edge = guarded_edge_at(work, host, environment)
    log = read_log(path)
    found = replayed(edge, log.requests, with_core_rules=not without_core_rules)
    report = replay_report(edge, log, found, _locator(work))
    if save is not None:
        try:
            replace_file(save, json_text(report).encode())
        except OSError as error:
            raise Refused(f"{save} can't be written: {error.strerror or error}.") from error
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(report.exit_code)


@command.command(
    epilog="\b\nExamples:\n  pave edge evidence customersdot replay.json\n"
    "  pave edge evidence customersdot replay.json --to catalog/previews/customersdot.yaml\n"
)
@click.argument("host", metavar="HOST|SERVICE")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep it in the catalog as a preview, which a service names as `edge.evidence`.",
)
@catalog_option
@environment_option
@format_option("text", "json")
def evidence(
    host: str, path: Path, to: Path | None, root: Path, environment: str | None, format_: str
) -> None:
    """Say whether a replay that was kept is evidence for enforcing the rules of a HOST as they are now: of
    the same rules and paths, over seven days, all of it known, and nobody turned away who had been answered.

    Exit 0 it is, for each policy; 1 somebody would be turned away; 3 of some policy it says nothing."""
    from pave.edge.evidence import as_preview, as_text, evidence_report
    from pave.edge.hosts import guarded_edge_at
    from pave.plain import json_text
    from pave.reports.output import write_file
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    edge = guarded_edge_at(Workspace(root, date.min), host, environment)
    report = evidence_report(edge, path)
    if to is not None:
        write_file(to, as_preview(edge, path, to.stem))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(report.exit_code)


def _locator(work: "Workspace") -> "Locator":
    """Gives origins as places that an editor opens."""
    from pave.finding import place
    from pave.reviewing.wording import places

    return places(work.catalog, lambda document: place(work.root, document))
