"""`pave monitor`."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.command_group import CommandGroup
from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, format_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.loader import Catalog

EXAMPLE = """\b
Examples:
  pave monitor show customersdot
  pave monitor export customersdot --to rules/ --format prometheus
  pave monitor import customersdot slos/ --diff
  pave monitor test customersdot
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Show, export, import and try what is measured of a service, and the alerts on it."""


@command.command(epilog="\b\nExample:\n  pave monitor show customersdot --env production\n")
@click.argument("service")
@catalog_option
@environment_option
@format_option("text", "json")
def show(service: str, root: Path, environment: str | None, format_: str) -> None:
    """Show what is watched of a SERVICE, by which metrics, and which alert wakes whom and when."""
    from components.design.monitoring.monitored import monitored
    from pave.monitoring.report import as_text, monitor_report
    from pave.plain import json_text
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    found = work.service(service, environment)
    report = monitor_report(found, monitored(work.catalog, found))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)


@command.command(
    epilog="\b\nExamples:\n  pave monitor export customersdot --to rules/ --format prometheus\n"
    "  pave monitor export --to rules/ --env production\n"
)
@click.argument("service", required=False)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder to write to; it is made.",
)
@click.option(
    "--format", "format_", metavar="FORMAT", default="prometheus", show_default=True, help="Of whom."
)
@catalog_option
@environment_option
def export(service: str | None, folder: Path, format_: str, root: Path, environment: str | None) -> None:
    """Write the rules of a SERVICE as files that others read.

    Without one, those of all services, each where it runs first, or in one environment. Then each has a
    folder of its own, called after it."""
    from catalog.nearest import did_you_mean
    from pave.monitoring.documents import exported, formats, write
    from pave.refused import Refused
    from pave.terminal import shown
    from pave.workspace import Workspace

    if format_ not in formats():
        raise Refused(f"There is no format `{format_}`. {did_you_mean(format_, formats(), 'Formats')}")
    work = Workspace(root, date.min)
    names = [service] if service is not None else [*_running_in(work.catalog, environment)]
    for name in names:
        found = exported(work.catalog, work.service(name, environment), format_)
        for path in write(found, folder if service is not None else folder / name):
            click.echo(shown(path))


def _running_in(catalog: "Catalog", environment: str | None) -> "Iterator[str]":
    """The services of a catalog that run in an environment, None for any."""
    from catalog.kinds.service import places_of

    for name in sorted(catalog.documents["Service"]):
        if environment is None or environment in places_of(catalog, name):
            yield name


@command.command("import", epilog="\b\nExample:\n  pave monitor import customersdot slos/ --diff\n")
@click.argument("service")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--diff", "is_diff", is_flag=True, help="Print what would change, and change nothing.")
@catalog_option
def import_(service: str, paths: tuple[Path, ...], is_diff: bool, root: Path) -> None:
    """Write OpenSLO's SLOs into the promises of a SERVICE; nothing else in its file changes.

    FILE is a file of OpenSLO v1, or a folder of them. What a spec can't say is listed, with its place. Exit 1
    when something isn't taken over."""
    from catalog.yaml.fault import visible
    from catalog.yaml.parsed import Unusable
    from pave.files import FileChanged, replace_file
    from pave.fixing.printing import print_diff
    from pave.monitoring.importing import imported, read_all
    from pave.monitoring.taking_over import CantBeTaken, differing, taken_over
    from pave.refused import Refused
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    document = work.document(service)
    try:
        found = imported(read_all(paths), document)
        new = differing(work.service(document.name, None), found.said)
        text = taken_over(work.catalog, document, new)
    except (Unusable, CantBeTaken) as error:
        raise Refused(str(error)) from error
    if is_diff:
        print_diff(work, document.path, document.path, document.text, text)
    elif text != document.text:
        try:
            replace_file(work.root / document.path, text, before=document.text)
        except FileChanged as error:
            raise Refused(f"{error} was changed in the meantime, and is as it was. Run it again.") from error
        except OSError as error:
            raise Refused(f"{document.path} can't be written: {error.strerror or error}.") from error
    for line in found.unsaid:
        click.echo(visible(line), err=is_diff)
    total = f"{len(found.said)} values read, {len(new)} of them new in {document.path}"
    click.echo(f"{total}; {len(found.unsaid)} things can't be said there.", err=is_diff)
    sys.exit(ExitCode.NO if found.unsaid else ExitCode.OK)


@command.command(epilog="\b\nExample:\n  pave monitor test customersdot\n")
@click.argument("service")
@catalog_option
@environment_option
@format_option("text", "json")
def test(service: str, root: Path, environment: str | None, format_: str) -> None:
    """Try each alert of a SERVICE with Prometheus' promtool. Exit 1 when one fires too late, or for nothing.

    Each is tried on made-up series: that it fires at its minute, and that it is quiet just below its
    threshold, through a night with little traffic, and through a deploy."""
    from components.design.monitoring.monitored import monitored
    from pave.monitoring.tried import as_text
    from pave.monitoring.trying import try_alerts
    from pave.plain import json_text
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    report = try_alerts(monitored(work.catalog, work.service(service, environment)))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(ExitCode.OK if report.passed else ExitCode.NO)
