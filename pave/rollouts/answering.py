"""How a command about rollouts answers: what it prints, and how it ends."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import click

from catalog.kinds.service import Service
from pave.exit_code import ExitCode
from pave.plain import json_text
from pave.rollouts.asked import AskedRollouts
from pave.rollouts.deciding import RolloutDecision
from pave.rollouts.report import (
    DecidedWorkload,
    RolloutDecisionReport,
    RolloutHistoryReport,
    RolloutOutcome,
    RolloutReport,
)
from pave.rollouts.wording import ENDS, decided_lines, instead, status_lines, worst
from pave.terminal import has_colour, screen_width, styled
from policies.wording import Line, fitted

OUTCOMES: Mapping[RolloutOutcome, ExitCode] = {
    "done": ExitCode.OK,
    "nothing": ExitCode.OK,
    "refused": ExitCode.NO,
    "waits": ExitCode.WAITS,
}


def answer(report: Any, lines: Iterable[Line], format_: str) -> None:
    """Prints a report for a program (`json`), or its lines for a person."""
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(styled(fitted(lines, screen_width()), colour=has_colour()), nl=False)


def answer_status(asked: AskedRollouts, format_: str) -> ExitCode:
    """Prints how all goes, and says how a command ends by it."""
    report = asked.report()
    answer(report, status_lines(report, screen_width()), format_)
    state = worst(report)
    code = ExitCode.WAITS if state is None else ENDS[state]
    return ExitCode.WAITS if report.absent and code == ExitCode.OK else code


def answer_decided(
    asked: AskedRollouts, found: Mapping[str, RolloutDecision], format_: str, *, acted: bool = True
) -> NoReturn:
    """Prints what was decided, by workload, and ends the command. It was only asked for unless it `acted`."""
    report = decision_report(asked.service, asked.cluster.server, found, acted=acted)
    answer(report, decided_lines(found.values(), report.outcome, asked.service.name), format_)
    sys.exit(OUTCOMES[report.outcome])


def answer_nothing(service: Service, where: str, command: str, format_: str) -> NoReturn:
    """Ends a command about what runs in no cluster of that name: there is nothing to be said or done."""
    about: dict[str, Any] = {"service": service.name, "environment": service.place, "cluster": ""}
    empty = {
        "status": RolloutReport(**about, workloads=[], absent=[], waivers=[]),
        "wait": RolloutReport(**about, workloads=[], absent=[], waivers=[]),
        "history": RolloutHistoryReport(**about, versions=[]),
    }
    report = empty.get(command, RolloutDecisionReport(**about, outcome="nothing", workloads=[]))
    answer(report, [Line("plain", f"Nothing of {service.name} runs in a cluster of {where}.")], format_)
    sys.exit(ExitCode.OK)


def decision_report(
    service: Service, cluster: str, found: Mapping[str, RolloutDecision], *, acted: bool
) -> RolloutDecisionReport:
    """What was decided of workloads, by their names, in a cluster at that server."""
    every = found.values()
    outcome: RolloutOutcome = "done" if acted else "waits"
    if any(each.refused for each in every):
        outcome = "refused"
    elif not any(each.changes for each in every):
        outcome = "nothing"
    return RolloutDecisionReport(
        service=service.name,
        environment=service.place,
        cluster=cluster,
        outcome=outcome,
        workloads=[
            DecidedWorkload(
                workload=name,
                changes=bool(each.changes) and outcome != "refused",
                says=[said.removeprefix(f"{name}: ") for said in each.says],
                refused=None if each.refused is None else each.refused.removeprefix(f"{name}: "),
                instead=instead(each, service.name),
            )
            for name, each in found.items()
        ],
    )
