"""Drift: what is otherwise in the cloud than an update left it."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from catalog.loader import Catalog
from pave.delivery import steps
from pave.delivery.engine import deployed, open_stack
from pave.delivery.options import CommandLine
from pave.delivery.report import DriftReport, StackDrift
from pave.delivery.target import Target
from pave.delivery.words import INDENT, Place, called, held, plain, properties
from pave.options import Refused
from pave.terminal import progress
from policies.wording import Line, count
from stacks.stack import Stack, UnknownStack, parse_stack, stacks


def find_drift(
    catalog: Catalog, root: Path, target: Target, names: Collection[str], environment: str | None, today: date
) -> DriftReport:
    """The drift of the stacks of these names, or of all that a catalog has in an environment, or in any.

    Raises Refused for a name that isn't there."""
    there = {name for name, number in deployed(target).items() if number}
    wanted = _named(catalog, names, there) if names else _all(catalog, environment)
    found = [_drift(catalog, root, target, stack, today) for stack in wanted if str(stack) in there]
    known = {str(stack) for stack in stacks(catalog)}
    return DriftReport(
        cloud=target.cloud,
        stacks=found,
        absent=[str(stack) for stack in wanted if str(stack) not in there],
        unlisted=[] if names or environment else sorted(there - known),
    )


def _named(catalog: Catalog, names: Collection[str], there: Collection[str]) -> list[Stack]:
    try:
        wanted = [parse_stack(name, catalog) for name in names]
    except UnknownStack as error:
        raise Refused(str(error)) from error
    for stack in wanted:
        if str(stack) not in there:
            raise Refused(f"{stack} was never applied here: there is nothing to compare.")
    return wanted


def _all(catalog: Catalog, environment: str | None) -> list[Stack]:
    if environment is not None and environment not in catalog.documents["Environment"]:
        known = ", ".join(sorted(catalog.documents["Environment"])) or "none"
        raise Refused(f"There is no environment `{environment}`; there are: {known}.")
    return [stack for stack in stacks(catalog) if environment in {None, stack.environment}]


def _drift(catalog: Catalog, root: Path, target: Target, stack: Stack, today: date) -> StackDrift:
    with progress(f"Comparing {stack}"):
        try:
            return StackDrift(str(stack), steps.drift(open_stack(target, catalog, root, stack, today)).found)
        except steps.Failed as error:
            return StackDrift(str(stack), error=str(error))


def describe_drift(report: DriftReport, place: Place, line: CommandLine) -> Iterator[Line]:
    """What differs, stack by stack, and the command that mends it."""
    for stack in report.stacks:
        if stack.error is not None:
            yield Line("bad", f"FAILED  {stack.stack}: what differs can't be told")
            yield from (Line("plain", f"  {plain(said)}") for said in stack.error.splitlines())
        elif stack.changes:
            yield from _describe(stack, place)
            yield Line("plain", f"next: {line._replace(stack=stack.stack).of('up', '--refresh')}")
        else:
            yield Line("good", f"AS LEFT  {stack.stack}")
    for name in report.unlisted:
        yield Line("bad", f"UNLISTED  {name}: it has resources, and the catalog no specs of it")
    yield Line("plain", tally(report))


def _describe(stack: StackDrift, place: Place) -> Iterator[Line]:
    yield Line("bad", f"DRIFT  {stack.stack}: {count(len(stack.changes), 'resource')}")
    for change in stack.changes:
        if change.action == "delete":
            yield Line("bad", f"  - {called(change)} is gone{held(change)}")
        else:
            yield Line("plain", f"  ~ {called(change)} differs{held(change)}")
            yield from properties(change.properties)
        if where := place(change.origin):
            yield Line("place", f"{INDENT}{where}")


def tally(report: DriftReport) -> str:
    """`2 stacks: 1 as left, 1 drifted; 3 never applied`."""
    parts = {
        "as left": sum(stack.error is None and not stack.changes for stack in report.stacks),
        "drifted": sum(bool(stack.changes) for stack in report.stacks),
        "not known": sum(stack.error is not None for stack in report.stacks),
    }
    said = ", ".join(f"{number} {word}" for word, number in parts.items() if number)
    never = f"; {len(report.absent)} never applied" if report.absent else ""
    return f"{count(len(report.stacks), 'stack')}{f': {said}' if said else ''}{never}"
