"""`pave dns`."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.command_group import CommandGroup
from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, format_option

if TYPE_CHECKING:
    from catalog.kinds.environment import Environment
    from pave.workspace import Workspace
    from pave.zones.report import ZonesReport

EXAMPLE = """\b
Examples:
  pave dns show
  pave dns show customers.acme.example
  pave dns import acme.example.zone --env production
  pave dns export --env production --to acme.example.zone
  pave dns drift acme.example.zone
"""


outputs_option = click.option(
    "--outputs",
    multiple=True,
    metavar="STACK=FILE",
    help="What `pulumi stack output --json` printed of a stack: its addresses. May be given more than once.",
)


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Show, import, export and compare the DNS records of an environment, whoever brings them."""


@command.command(epilog="\b\nExamples:\n  pave dns show\n  pave dns show customers.acme.example\n")
@click.argument("name", required=False)
@catalog_option
@environment_option
@format_option("text", "json")
def show(name: str | None, root: Path, environment: str | None, format_: str) -> None:
    """Show all records of an environment's zones: what an apply makes, and what others have to.

    With a NAME, what answers there, who asks for it and why, and for whom the name is kept. Exit 1 when
    nothing answers."""
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.terminal import has_colour, screen_width
    from pave.zones.report import about, as_text, zone_with
    from pave.zones.wildcards import answering

    name = None if name is None else _in_dns(name)
    work, found = _asked(root, environment, name)
    report = _report(work, found)
    if name is None:
        if format_ == "json":
            click.echo(json_text(report), nl=False)
        else:
            click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
        return
    zone = zone_with(report, name)
    if zone is None:
        domains = ", ".join(each.domain for each in report.zones)
        is_place = name in work.catalog.documents["Environment"]
        meant = f"--env {name}" if is_place else f"{name}.{found.spec.dns.domain}"
        near = f" Did you mean `{meant}`?" if "." not in name else ""
        raise Refused(f"{name} is in no zone of {found.name}, which has {domains}.{near}")
    records = [*answering(zone, name)]
    if format_ == "json":
        click.echo(json_text(records), nl=False)
    else:
        click.echo(about(zone, name, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(ExitCode.OK if records else ExitCode.NO)


@command.command(epilog="\b\nExample:\n  pave dns export --env production --to acme.example.zone\n")
@catalog_option
@environment_option
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write to (default: standard output).",
)
@outputs_option
def export(root: Path, environment: str | None, file: Path | None, outputs: tuple[str, ...]) -> None:
    """Write the zone of an environment as a zone file.

    What only an apply can tell, such as an address that Google gives, stands there as a comment, unless the
    outputs of its stack say it. So do records that others have to make, such as a proxy."""
    from pave.reports.output import write_file
    from pave.zones.told import read_outputs, told
    from pave.zones.zone_file import zone_file

    work, found = _asked(root, environment, None)
    text = zone_file(told(_report(work, found).zones[0], read_outputs(outputs)))
    if file is None:
        click.echo(text, nl=False)
    else:
        write_file(file, text)


@command.command(
    "import",
    epilog="\b\nExample:\n  pave dns import acme.example.zone --to catalog/zones/production.yaml\n",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@catalog_option
@environment_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write to, which isn't there yet (default: standard output).",
)
def import_(file: Path, root: Path, environment: str | None, to: Path | None) -> None:
    """Write the records of a zone FILE as the zone of an environment.

    The names of services are theirs, and left out. What is left out is said, on standard error."""
    from catalog.yaml.fault import printable
    from pave.refused import Refused
    from pave.reports.output import write_file
    from pave.zones.zone_file import as_document, led_by_others, records_in

    work, found = _asked(root, environment, None)
    served = led_by_others(work.catalog, found)
    if to is not None and to.exists():
        raise Refused(f"{to} is there already; write to another file, and take over what is missing.")
    taken = records_in(file, found.spec.dns.domain, served)
    text = as_document(found.name, found.spec.owner, taken.records)
    if to is None:
        click.echo(text, nl=False)
    else:
        write_file(to, text)
    for line in taken.left:
        click.echo(printable(f"left out: {line}"), err=True)


@command.command(
    epilog="\b\nExamples:\n  pave dns drift acme.example.zone\n"
    "  pave dns drift --server 216.239.32.110 --outputs service.shop.production=shop.json\n"
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--server", metavar="ADDRESS", help="Ask this name server instead: ADDRESS or ADDRESS:PORT.")
@outputs_option
@catalog_option
@environment_option
@format_option("text", "json")
def drift(
    file: Path | None,
    server: str | None,
    outputs: tuple[str, ...],
    root: Path,
    environment: str | None,
    format_: str,
) -> None:
    """Compare the zone of an environment with a zone FILE that was exported from where it is, or with the
    answers of a name server, which can't be asked for names that nobody knows.

    Exit 0 it is as the catalog has it; 1 it differs; 3 of some records only an apply tells what they are."""
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.terminal import has_colour, screen_width
    from pave.zones.drift import as_text, drift_from_file, drift_from_server
    from pave.zones.told import read_outputs, told

    if file is not None and server is not None:
        raise Refused("Say one thing to compare with: a zone FILE, or a name server with --server.")
    work, found = _asked(root, environment, None)
    zone = told(_report(work, found).zones[0], read_outputs(outputs))
    if file is not None:
        report = drift_from_file(zone, file)
    elif server is not None:
        report = drift_from_server(zone, server)
    else:
        raise Refused("Say with what to compare: a zone FILE, or a name server with --server.")
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(report.exit_code)


def _report(work: "Workspace", environment: "Environment") -> "ZonesReport":
    from pave.zones.held import held_zones
    from pave.zones.report import ZonesReport
    from pave.zones.wildcards import passed_by

    zones = held_zones(work.catalog, environment)
    return ZonesReport(environment.name, zones, [each for zone in zones for each in passed_by(zone)])


def _asked(root: Path, named: str | None, name: str | None) -> "tuple[Workspace, Environment]":
    """The environment that is named, or the one whose zone a name is in, or the only one, or production.
    Raises Refused."""
    from catalog.domains import nearest_above
    from catalog.kinds.environment import Environment
    from catalog.nearest import did_you_mean
    from pave.refused import Refused
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    known = {each: work.catalog.find(Environment, each) for each in work.catalog.documents["Environment"]}
    usable = {each: found for each, found in known.items() if found is not None}
    if named is None and name is not None:
        domains = {found.spec.dns.domain: each for each, found in usable.items()}
        around = nearest_above(name, domains)
        named = None if around is None else domains[around]
    if named is None:
        production = [each for each, found in usable.items() if found.spec.purpose == "production"]
        named = next(iter(usable)) if len(usable) == 1 else production[0] if len(production) == 1 else None
    if named is None:
        raise Refused(
            f"Say which environment with --env NAME: {', '.join(sorted(usable)) or 'there is none'}."
        )
    if named not in usable:
        raise Refused(f"There is no usable environment `{named}` in {root}. {did_you_mean(named, usable)}")
    return work, usable[named]


def _in_dns(name: str) -> str:
    """A name as zones have it: in lower case, without a final dot, in another script as its `xn--` form."""
    from pave.refused import Refused

    plain = name.removesuffix(".").lower()
    if plain.isascii():
        return plain
    import dns.exception
    import dns.name

    try:
        return dns.name.from_text(plain).to_text().removesuffix(".").lower()
    except dns.exception.DNSException as error:
        raise Refused(f"`{name}` is no name: {str(error).rstrip('.')}.") from error
