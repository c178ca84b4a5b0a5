"""`pave schema`."""

from pathlib import Path

import click

from pave.refused import Refused

EXAMPLE = """\b
Examples:
  pave schema
  pave schema Service
  pave schema CheckReport
  pave schema --output catalog/schema             those of a catalog's files, for editors
"""


@click.command(epilog=EXAMPLE)
@click.argument("kind", required=False)
@click.option(
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the schemas of all kinds of files into this folder.",
)
def command(kind: str | None, folder: Path | None) -> None:
    """Print the JSON Schema of a KIND: of a catalog's files, or of a report; without one, list them all.

    An editor completes and checks a file whose first line names its schema; `pave new` writes that line."""
    from catalog.nearest import did_you_mean
    from catalog.validation import SCHEMAS, kind_folders, stem_of
    from pave.reports.schemas import PUBLISHED, published, report_modules

    files = {name: SCHEMAS / f"{stem_of(name)}.schema.json" for name in kind_folders()}
    known = files | {name: published(name) for name in sorted(report_modules())}
    if folder is not None:
        from pave.reports.output import write_file

        for path in files.values():
            write_file(folder / path.name, path.read_text("utf-8"))
            click.echo(f"{folder / path.name}")
        return
    if kind is None:
        for name, path in known.items():
            what = (
                "a report, as `--format json` prints it" if path.parent == PUBLISHED else "files of a catalog"
            )
            click.echo(f"{name:<20} {what}")
        return
    found = {name.lower(): path for name, path in known.items()}.get(kind.lower())
    if found is None:
        raise Refused(f"There is no kind `{kind}`. {did_you_mean(kind, known, 'Kinds')}")
    click.echo(found.read_text("utf-8"), nl=False)
