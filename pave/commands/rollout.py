"""`pave rollout`."""

import functools
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from pave.command_group import CommandGroup
from pave.exit_code import ExitCode
from pave.options import (
    LongCommand,
    budget_option,
    catalog_option,
    environment_option,
    format_option,
    measured_options,
    measured_where,
)

if TYPE_CHECKING:
    from pave.rollouts.asked import AskedRollouts
    from stacks.rollouts.model import WorkloadRollout

F = TypeVar("F", bound=Callable[..., Any])
EXAMPLE = """\b
Examples:
  pave rollout status customersdot
  pave rollout abort customersdot --reason 'orders are lost'
  pave rollout judge customersdot --url https://metrics.acme.example
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """See, judge and steer new versions on their way to users.

    The cluster is asked as you, with your kubeconfig (KUBECONFIG, else ~/.kube/config) and its plugins: in
    the context that gcloud makes for the service's environment, else in the current one. What is there in
    the service's namespace has to be of the service in that environment."""


def asked_options(made: F) -> F:
    """Which service's rollouts, in which cluster, and `--format`; the command gets how to ask for them as
    `ask`."""

    @functools.wraps(made)
    def collected(
        service: str,
        root: Path,
        environment: str | None,
        cloud: str | None,
        context: str | None,
        **others: Any,
    ) -> Any:
        import os

        from pave.refused import Refused
        from pave.rollouts import asked
        from pave.rollouts.answering import answer_nothing
        from pave.workspace import Workspace
        from stacks.rollouts.cluster import NoCluster

        work = Workspace(root, date.min)
        found = work.service(service, environment)
        if cloud == "local" or not asked.running(found):
            name = str(click.get_current_context().info_name)
            if name == "start" and cloud != "local":
                asked.of_the_pipeline(found, others["names"])
            answer_nothing(found, cloud or found.place, name, others["format_"])

        # Opened anew each time: a wait may be longer than a token lives.
        def ask() -> "AskedRollouts":
            cluster = asked.open_cluster(found, cloud, context, os.environ)
            return asked.ask(work.catalog, found, cluster)

        try:
            return made(ask=ask, **others)
        except NoCluster as error:
            raise Refused(str(error)) from error

    options = (
        click.argument("service"),
        catalog_option,
        environment_option,
        click.option(
            "--cloud",
            type=click.Choice(("local", "gcp")),
            help="gcp: Google says where the cluster is, and no kubeconfig is read. On the local cloud"
            " nothing runs.",
        ),
        click.option("--context", metavar="NAME", help="The context of the kubeconfig."),
        format_option("text", "json"),
    )
    for option in reversed(options):
        collected = option(collected)
    return cast(F, collected)


def workload_option(made: F) -> F:
    """`--workload`."""
    return click.option(
        "--workload",
        "names",
        multiple=True,
        metavar="NAME",
        help="Only this workload; may be given more than once (default: all that it is about).",
    )(made)


def reason_options(made: F) -> F:
    """`--reason` and `--force`."""
    made = click.option("--reason", default="", metavar="WHY", help="Why; it is recorded.")(made)
    return click.option("--force", is_flag=True, help="In spite of what speaks against it; needs --reason.")(
        made
    )


@command.command(epilog="\b\nExamples:\n  pave rollout status customersdot --format json\n")
@asked_options
def status(ask: "Callable[[], AskedRollouts]", format_: str) -> None:
    """Say what runs where, at which step a rollout is, how long still, and what blocks it.

    Exit 0 all is well or goes on by itself; 1 a version was taken back, or its copies don't come up; 3 it
    waits for somebody, or a workload isn't there."""
    from pave.rollouts.answering import answer_status

    sys.exit(answer_status(ask(), format_))


@command.command(cls=LongCommand, epilog="\b\nExamples:\n  pave rollout wait customersdot --minutes 90\n")
@asked_options
@click.option(
    "--minutes",
    type=click.FloatRange(min=0),
    metavar="MINUTES",
    help="The longest to wait (default: as long as its steps may take).",
)
def wait(ask: "Callable[[], AskedRollouts]", minutes: float | None, format_: str) -> None:
    """Wait until new versions have come to everybody, or one is stopped, and say why.

    Exit 0 all is of one version; 1 one was taken back, or its copies don't come up; 3 it waits for somebody,
    or the time is up: it goes on by itself, and nobody knows yet how it ends."""
    from time import monotonic, sleep

    from pave.rollouts.answering import answer_status
    from pave.rollouts.waiting import POLL_SECONDS, is_over, longest_seconds
    from pave.rollouts.wording import steps_line

    asked, said = ask(), ""
    until = monotonic() + (longest_seconds(asked.service) if minutes is None else minutes * 60)
    while not is_over(asked.report()) and monotonic() < until:
        if (now := steps_line(asked.report())) != said:
            click.echo(now, err=True)
            said = now
        sleep(POLL_SECONDS)
        asked = ask()
    code = answer_status(asked, format_)
    sys.exit(code if code or is_over(asked.report()) else ExitCode.WAITS)


@command.command(epilog="\b\nExamples:\n  pave rollout history customersdot --workload web\n")
@asked_options
@workload_option
def history(ask: "Callable[[], AskedRollouts]", names: tuple[str, ...], format_: str) -> None:
    """List the versions that the cluster still knows: when they came, how that ended, and why."""
    from pave.rollouts.answering import answer
    from pave.rollouts.history import history as versions
    from pave.rollouts.report import RolloutHistoryReport
    from pave.rollouts.wording import history_lines

    asked = ask()
    of = {each.workload for each in asked.of(names)}
    found = [each for each in versions(asked.objects, asked.now) if each.workload in of]
    service, cluster = asked.service, asked.cluster.server
    report = RolloutHistoryReport(
        service=service.name, environment=service.place, cluster=cluster, versions=found
    )
    answer(report, history_lines(report), format_)


@command.command(epilog="\b\nExamples:\n  pave rollout start customersdot --image acme/app@sha256:… --yes\n")
@asked_options
@workload_option
@click.option("--image", required=True, help="The image, by its digest.")
@click.option("--yes", is_flag=True, help="Do it; without, it is only said what would be done.")
@click.option(
    "--irreversible",
    "stores",
    multiple=True,
    metavar="DATABASE",
    help="It changes this database for good; may be given more than once. A bad version is held then, and"
    " never taken back by itself.",
)
@budget_option
@reason_options
def start(
    ask: "Callable[[], AskedRollouts]",
    names: tuple[str, ...],
    image: str,
    yes: bool,
    stores: tuple[str, ...],
    budget: str | None,
    reason: str,
    force: bool,
    format_: str,
) -> None:
    """Bring a new image to the workloads whose image the pipeline owns (`imageOwner: pipeline`).

    While an error budget is spent, or a version that took itself back is unseen, what ran before may come;
    what is for reliability may, too, on a spent budget (--force). A version goes back by itself only where
    the one before is still there.

    Exit 0 done, or nothing to do; 1 refused; 3 nothing was done yet: --yes does it."""
    import os

    from pave.preflight.found_images import images_there
    from pave.rollouts import asked as rollouts
    from pave.rollouts.answering import answer_decided
    from pave.rollouts.bringing import Release, bring

    asked = ask()
    release = Release(image, stores, rollouts.word(asked, reason, forced=force), budget)
    found = bring(asked, names, release, images_there, os.environ, yes=yes)
    answer_decided(asked, found, format_, acted=yes)


@command.command(epilog="\b\nExamples:\n  pave rollout promote customersdot --full\n")
@asked_options
@workload_option
@click.option("--full", is_flag=True, help="To everybody at once; what that skips is said.")
def promote(ask: "Callable[[], AskedRollouts]", names: tuple[str, ...], full: bool, format_: str) -> None:
    """Go on with the next step, also where somebody has paused it or nobody knows the verdict.

    Not while the verdict speaks against the version. Exit 0 done; 1 refused."""
    from pave.rollouts import asked as rollouts
    from pave.rollouts import deciding
    from pave.rollouts.answering import answer_decided

    asked = ask()
    of = _going(asked, names)
    found = rollouts.act(asked, of, lambda now, thing: deciding.promote(now, thing, full=full))
    answer_decided(asked, found, format_)


@command.command(epilog="\b\nExamples:\n  pave rollout pause customersdot\n")
@asked_options
@workload_option
def pause(ask: "Callable[[], AskedRollouts]", names: tuple[str, ...], format_: str) -> None:
    """Keep a rollout at its step until somebody promotes it. Exit 0 done; 1 refused."""
    from pave.rollouts import asked as rollouts
    from pave.rollouts import deciding
    from pave.rollouts.answering import answer_decided

    asked = ask()
    answer_decided(asked, rollouts.act(asked, _going(asked, names), deciding.pause), format_)


@command.command(epilog="\b\nExamples:\n  pave rollout abort customersdot --reason 'orders are lost'\n")
@asked_options
@workload_option
@reason_options
def abort(
    ask: "Callable[[], AskedRollouts]", names: tuple[str, ...], reason: str, force: bool, format_: str
) -> None:
    """Take a new version back: all copies are of the stable one again.

    Not where the new version has changed data for good, nor to an image that isn't there any more.
    Exit 0 done; 1 refused."""
    import os

    from pave.preflight.found_images import images_there
    from pave.rollouts import asked as rollouts
    from pave.rollouts import deciding
    from pave.rollouts.answering import answer_decided

    asked = ask()
    of = _going(asked, names)
    images = [image for each in of if each.stable is not None for image in each.stable.images]
    there = images_there(images, os.environ)
    word = rollouts.word(asked, reason, forced=force)
    found = rollouts.act(asked, of, lambda now, thing: deciding.abort(now, thing, word, there))
    answer_decided(asked, found, format_)


@command.command(epilog="\b\nExamples:\n  pave rollout lift customersdot --reason 'it has its index'\n")
@asked_options
@workload_option
@click.option("--reason", required=True, metavar="WHY", help="Why; it is recorded.")
def lift(ask: "Callable[[], AskedRollouts]", names: tuple[str, ...], reason: str, format_: str) -> None:
    """Allow new versions again after one has been taken back by itself. Exit 0 done, or nothing to do."""
    from pave.rollouts import asked as rollouts
    from pave.rollouts import deciding
    from pave.rollouts.answering import answer_decided

    asked = ask()
    word = rollouts.word(asked, reason)
    of = [each for each in asked.of(names) if names or each.frozen]
    found = rollouts.act(asked, of, lambda now, thing: deciding.lift(now, thing, word))
    answer_decided(asked, found, format_)


def _going(asked: "AskedRollouts", names: Sequence[str]) -> "list[WorkloadRollout]":
    """The workloads of these names; without any, those with a new version on its way. Raises Refused."""
    from pave.refused import Refused

    of = [each for each in asked.of(names) if names or each.step is not None]
    if not of:
        raise Refused(f"No new version of {asked.service.name} is on its way in {asked.service.place}.")
    return of


@command.command(
    epilog="\b\nExamples:\n"
    "  pave rollout judge customersdot --url http://localhost:9090 --save verdict.json\n"
    "  pave rollout judge customersdot --from verdict.json\n"
)
@click.argument("service")
@catalog_option
@environment_option
@measured_options
@format_option("text", "json")
def judge(
    service: str,
    root: Path,
    environment: str | None,
    url: str | None,
    file: Path | None,
    save: Path | None,
    format_: str,
) -> None:
    """Judge the new versions of a SERVICE by what is measured of them. Exit 1 when one is worse, 3 when
    nobody knows.

    It computes what the rollout's own analysis reads: how clearly more goes wrong than with the old version
    at the same time, how much more, and whether earlier deployments did so too. A server may want a token:
    put it into PAVE_PROMETHEUS_TOKEN."""
    import os

    from components.design.monitoring.deploys.queries import clear
    from components.design.monitoring.deploys.signals import signals
    from components.design.monitoring.monitored import monitored
    from components.design.rollout.looking import most_minutes
    from pave.judging.measured import deploys, query
    from pave.judging.report import verdict_report
    from pave.judging.wording import as_text
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.reports.output import write_file
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace
    from stacks.budgets.measured import NotMeasured, ask_now, recorded, samples

    source = measured_where(url, file)
    work = Workspace(root, date.min)
    found = work.service(service, environment)
    watched = monitored(work.catalog, found)
    name, cell = watched.labels["service"], watched.labels["cell"]
    try:
        said = recorded(Path(source)) if url is None else ask_now(url, query(name, cell), os.environ)
        measured = deploys(samples(said, source, cell, name), [each.name for each in found.spec.workloads])
    except NotMeasured as error:
        raise Refused(str(error)) from error
    if save is not None:
        write_file(save, said.decode())
    compared = signals(found, watched.watches)
    rollout = found.spec.rollout
    clear_z = clear(compared, most_minutes(len(rollout.steps), rollout.soak_minutes))
    report = verdict_report(found.name, found.place, source, compared, clear_z, measured)
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    worst = {"fail": ExitCode.NO, "inconclusive": ExitCode.WAITS}
    sys.exit(worst.get(report.outcome, ExitCode.OK))
