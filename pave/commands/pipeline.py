"""`pave pipeline`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pave.command_group import CommandGroup
from pave.options import catalog_option
from pave.refused import Refused

if TYPE_CHECKING:
    from pave.reports.changes import ChangeReport

F = TypeVar("F", bound=Callable[..., Any])
EXAMPLE = """\b
Examples:
  pave pipeline review --since origin/main --image python:3.11 --output review.yml
  pave pipeline delivery --since HEAD~1 --image registry.example.com/pave:1.0 --output delivery.yml
  pave pipeline note changed.md check.md
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """What a GitLab pipeline calls: child pipelines for the stacks that a change affects, a note for its
    merge request, and credentials without a key. templates/pave.yml puts them together."""


def child_options(made: F) -> F:
    """What both child pipelines are made with."""
    options = [
        click.option("--since", required=True, metavar="REF", help="The git revision to compare with."),
        catalog_option,
        click.option("--image", required=True, help="The image of the jobs."),
        click.option(
            "--set-up", default="", metavar="LINES", help="Shell lines that put pave on PATH (default: none)."
        ),
        click.option(
            "--policies",
            default="",
            metavar="[REF:]DIR",
            help="What the jobs give on as --policies: your own rules (default: none).",
        ),
        click.option(
            "--output",
            required=True,
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="The YAML file to write.",
        ),
    ]
    for option in reversed(options):
        made = option(made)
    return made


@command.command()
@child_options
@click.option(
    "--gate-set-up",
    default="",
    metavar="LINES",
    help="Shell lines that put the target branch's pave on PATH (default: none).",
)
def review(
    since: str, root: Path, image: str, set_up: str, gate_set_up: str, policies: str, output: Path
) -> None:
    """Write the child pipeline of a merge request: the plan of each affected stack, and a note."""
    from pave.gitlab import child_pipeline

    setting = child_pipeline.PipelineSettings(image, str(root), set_up, gate_set_up, policies)
    report = _changes(since, root)
    _write(child_pipeline.review(report, setting), report, output)


@command.command()
@child_options
def delivery(since: str, root: Path, image: str, set_up: str, policies: str, output: Path) -> None:
    """Write the child pipeline of a protected branch: preview, approval, apply, verification, and the wait
    until new versions have come to everybody."""
    from pave.gitlab import child_pipeline

    setting = child_pipeline.PipelineSettings(image, str(root), set_up, policies=policies)
    report = _changes(since, root)
    _write(child_pipeline.delivery(report, setting, _rollouts(report, root)), report, output)


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def note(files: tuple[Path, ...]) -> None:
    """Write Markdown files as one note into the merge request, over the last one.

    Without a token in PAVE_GITLAB_TOKEN (scope api), or outside of a merge request, the note is printed.
    A FILE that isn't there is left out."""
    from pave.gitlab.client import GitLabError, Project
    from pave.gitlab.note import compose, put

    text = compose(files)
    project, number = Project.from_environment(os.environ), os.environ.get("CI_MERGE_REQUEST_IID")
    if project is None or number is None:
        click.echo(text, nl=False)
        return
    try:
        click.echo(f"The note in merge request !{number} is {put(project, number, text)}.")
    except GitLabError as error:
        click.echo(text, nl=False)
        raise Refused(f"GitLab did not take the note: {error}.") from error


@command.command()
@click.option("--writes", is_flag=True, help="For a job that changes something.")
def credentials(writes: bool) -> None:
    """Make the job's own token usable for Google's tools, and print the variables to export.

    No key is stored anywhere: PAVE_GCP_PROVIDER names the workload identity provider that knows this GitLab,
    PAVE_GCP_READER and PAVE_GCP_WRITER the service accounts that it lets the job be."""
    from pave.gitlab import google_credentials as federation

    made = federation.credentials(os.environ, federation.new_folder(), writes=writes)
    click.echo(" ".join(f"{name}={value}" for name, value in made.items()))


def _changes(since: str, root: Path) -> "ChangeReport":
    from pave.planning.changed import changes_since
    from pave.workspace import catalog_folder

    return changes_since(since, catalog_folder(root), committed=True)


def _rollouts(report: "ChangeReport", root: Path) -> dict[str, int]:
    """For how many minutes at most new versions of a stack are waited for, of those that have steps."""
    from contextlib import suppress
    from datetime import date
    from math import ceil

    from catalog.place import place_of
    from pave.rollouts.waiting import goes_by_steps, longest_seconds
    from pave.workspace import Workspace

    work, found = Workspace(root, date.min), {}
    for one in report.stacks:
        if one.service is None:
            continue
        with suppress(Refused):  # its preview says what is wrong
            service = work.service(one.service, place_of(one.environment, one.instance))
            if goes_by_steps(service):
                found[one.stack] = ceil(longest_seconds(service) / 60)
    return found


def _write(pipeline: dict[str, Any], report: "ChangeReport", output: Path) -> None:
    from pave.gitlab.child_pipeline import as_yaml
    from pave.reports.changes import as_text
    from pave.reports.output import write_file

    write_file(output, as_yaml(pipeline))
    click.echo(as_text(report), nl=False)
