"""Drift: where the cloud differs from the state of a stack, and stacks whose last update broke the glass."""

from collections.abc import Collection, Iterator

from catalog.kinds.environment import Environment
from catalog.loader import Catalog
from pave.delivery.command_line import CommandLine
from pave.delivery.engine import previews
from pave.delivery.engine.stack import deployed, open_stack
from pave.delivery.engine.target import Target
from pave.delivery.left_over import advice, left_over, stack_there
from pave.delivery.reports import DriftReport, StackDrift
from pave.delivery.unfinished import Unfinished, unfinished
from pave.delivery.unmanaged import unmanaged
from pave.refused import Refused
from pave.reviewing.delegation import Misled, misled, to_write
from pave.reviewing.wording import INDENT, Locator, called, held, kind, plain, properties
from pave.terminal import progress
from pave.workspace import Workspace, require_place
from policies.wording import Line, count
from stacks.gate.seal import BrokenGlass
from stacks.stack import Stack, stacks


def find_drift(
    work: Workspace, target: Target, names: Collection[str], environment: str | None
) -> DriftReport:
    """Compares stacks with the cloud, by a refresh that is only previewed: nothing is written.

    `names` are stacks or services; with none, all that the catalog has in `environment`, or in any when that
    is None. Stacks that were never updated are only named. Raises Refused for a stack or an environment that
    isn't there, and when the back end can't be used."""
    catalog, there = work.catalog, deployed(target)
    wanted = _named(work, names, environment, there) if names else _all(catalog, environment)
    found = [_drift(work, target, stack) for stack in wanted if str(stack) in there]
    is_whole = not names and environment is None
    return DriftReport(
        cloud=target.cloud,
        stacks=found,
        absent=[str(stack) for stack in wanted if str(stack) not in there],
        unlisted=left_over(catalog, there) if is_whole else [],
        unmanaged=unmanaged(target, there) if is_whole else None,
    )


def _named(
    work: Workspace, names: Collection[str], environment: str | None, there: Collection[str]
) -> list[Stack]:
    wanted = [stack_there(work, name, environment, there) for name in names]
    for stack in wanted:
        if str(stack) not in there:
            raise Refused(f"{stack} has nothing here: there is nothing to compare.")
    return wanted


def _all(catalog: Catalog, environment: str | None) -> list[Stack]:
    if environment is not None:
        require_place(catalog, environment)
    return [stack for stack in stacks(catalog) if environment in {None, stack.environment, stack.place}]


def _drift(work: Workspace, target: Target, stack: Stack) -> StackDrift:
    with progress(f"Comparing {stack}"):
        glass, left, wrong = None, None, None
        try:
            opened = open_stack(target, work.catalog, work.root, stack, work.today)
            last = previews.last_known(opened)
            glass, left = last.glass, unfinished(last.operation)
            environment = work.catalog.find(Environment, stack.environment)
            if stack.is_foundation and environment is not None:
                wrong = misled(environment, last.resources)
            return StackDrift(str(stack), previews.preview_refresh(opened).found, None, glass, left, wrong)
        except (previews.EngineFailed, Refused) as error:  # the others are compared
            return StackDrift(str(stack), [], str(error), glass, left, wrong)


def describe_drift(report: DriftReport, place: Locator, line: CommandLine) -> Iterator[Line]:
    """The report for a person: by stack what differs, what passed its gate by a broken glass, and the command
    that mends it."""
    for stack in report.stacks:
        if stack.error is not None:
            yield Line("bad", f"FAILED  {stack.stack}: what differs can't be told")
            yield from (Line("plain", f"  {plain(said)}") for said in stack.error.splitlines())
        elif stack.changes:
            yield from _describe(stack, place)
            yield Line("command", f"next: {line._replace(stack=stack.stack).of('up', '--refresh')}")
        elif stack.is_as_left:
            yield Line("good", f"AS LEFT  {stack.stack}")
        if stack.unfinished is not None:
            yield from _describe_unfinished(stack.unfinished, line._replace(stack=stack.stack))
        if stack.misled is not None:
            yield from _describe_misled(stack.stack, stack.misled, place)
        if stack.broken_glass is not None:
            yield from _describe_glass(stack.stack, stack.broken_glass)
            again = line._replace(stack=stack.stack).of("up")
            yield Line("command", f"next: mend what it passed, and update without a glass: {again}")
    for name in report.unlisted:
        yield Line("bad", f"UNLISTED  {name}: it has resources, and the catalog no specs of it")
        yield Line("plain", f"  {advice(line._replace(stack=name))}")
    for each in report.unmanaged or ():
        yield Line("bad", f"UNMANAGED  {kind(each.type)} {plain(each.id)}: no stack made it, or one left it")
    yield Line("plain", tally(report))


def _describe(stack: StackDrift, place: Locator) -> Iterator[Line]:
    yield Line("bad", f"DRIFT  {stack.stack}: {count(len(stack.changes), 'resource')}")
    for change in stack.changes:
        if change.action == "delete":
            yield Line("bad", f"  - {called(change)} is gone{held(change)}")
        else:
            yield Line("plain", f"  ~ {called(change)} differs{held(change)}")
            yield from properties(change.properties)
        if where := place(change.origin):
            yield Line("place", f"{INDENT}{where}")


def _describe_unfinished(left: Unfinished, line: CommandLine) -> Iterator[Line]:
    yield Line("bad", f"UNFINISHED  {line.stack}: {left.what}")
    for secret in left.secrets:
        yield Line("command", f"  where it has no value yet: {line.of('secrets set', plain(secret))}")
    yield Line("command", f"next: {line.of(left.verb)}")
    if left.why == "kept":
        yield Line("command", f"or, when it may go too: {line.of('destroy')} says what stands against it")


def _describe_misled(stack: str, wrong: Misled, place: Locator) -> Iterator[Line]:
    yield Line("bad", f"MISLED  {stack}: its file leads to other name servers than its zone has")
    yield Line("place", f"  {place(wrong.origin)}")
    yield Line("plain", f"  {wrong.domain} is written to be at {', '.join(map(plain, wrong.written))}")
    yield Line("command", f"next: write there, and in the zone above, {to_write(wrong.made, ())}")


def _describe_glass(stack: str, glass: BrokenGlass) -> Iterator[Line]:
    who = f"{plain(glass.incident)}, by {plain(glass.person)}, to {plain(glass.expires)}"
    yield Line("bad", f"BROKEN GLASS  {stack}: its last update passed the gate for {who}")
    yield Line("plain", f"  {plain(glass.reason)}")
    for rule in glass.passed or ():
        yield Line("bad", f"  ✗ {plain(rule)}")
    if glass.passed is None:
        yield Line("plain", "  What it passed isn't known: the update failed before it was done.")
    elif not glass.passed:
        yield Line("plain", "  No finding needed it.")


def tally(report: DriftReport) -> str:
    """The report in a line: `2 stacks: 1 as left, 1 drifted; 1 with a broken glass; 3 never applied`."""
    parts = {
        "as left": sum(stack.is_as_left for stack in report.stacks),
        "drifted": sum(bool(stack.changes) for stack in report.stacks),
        "misled": sum(stack.misled is not None for stack in report.stacks),
        "unfinished": sum(stack.unfinished is not None for stack in report.stacks),
        "not known": sum(stack.error is not None for stack in report.stacks),
    }
    said = ", ".join(f"{number} {word}" for word, number in parts.items() if number)
    glasses = sum(stack.broken_glass is not None for stack in report.stacks)
    broken = f"; {glasses} with a broken glass" if glasses else ""
    never = f"; {len(report.absent)} never applied" if report.absent else ""
    never += f"; {len(report.unlisted)} without specs" if report.unlisted else ""
    never += f"; {count(len(report.unmanaged), 'resource')} of no stack" if report.unmanaged else ""
    return f"{count(len(report.stacks), 'stack')}{f': {said}' if said else ''}{broken}{never}"
