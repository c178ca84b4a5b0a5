"""Stacks that a back end still has and the catalog no specs of: found by name, and what to do with them."""

import os
from collections.abc import Collection, Iterable

from catalog.loader import Catalog
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.stack import deployed
from pave.delivery.engine.target import AskedCloud
from pave.planning.decide import NoVerdict, stack_named, within
from pave.refused import Refused
from pave.workspace import Workspace
from stacks.stack import Stack, UnknownStack, parse_stack, stacks

LAYOUTS = {("foundation", 1), ("unit", 1), ("global", 1), ("service", 2), ("service", 3)}
"""The kinds of stacks, with how many parts follow in their names."""


def known_stack(catalog: Catalog, name: str, known: Iterable[str]) -> Stack:
    """The stack of that name: one of the catalog, or one that only a back end still has, whose stacks are
    `known`. Raises Refused when it is neither."""
    try:
        return parse_stack(name, catalog)
    except UnknownStack as error:
        kind, *parts = name.split(".")
        if name not in known or (kind, len(parts)) not in LAYOUTS:
            raise Refused(str(error)) from error
        return Stack(kind, *parts) if kind == "service" else Stack(kind, None, *parts)


def left_over(catalog: Catalog, there: Iterable[str]) -> list[str]:
    """The names, among those of a back end's stacks, that the catalog has no specs of."""
    return sorted({*there} - {str(stack) for stack in stacks(catalog)})


def of_service(name: str, names: Iterable[str]) -> list[str]:
    """Those of the stacks' names that an argument means: the stack itself, or a service of that name."""
    return [each for each in names if each == name or each.split(".")[:2] == ["service", name]]


def advice(line: CommandLine) -> str:
    """What can be done with the stack of a command line, which is left over."""
    return (
        "Where its file was moved or renamed, put it back. Where it was meant to go: look at what is still"
        f" there with `{line.of('drift')}`, and take it down with `{line.of('destroy')}`."
    )


def stack_to_judge(
    work: Workspace, name: str, environment: str | None, cloud: AskedCloud, *, is_one: bool
) -> Stack:
    """The stack that an argument of `pave preview` or `pave up` means; with `is_one`, it must mean only one.

    Raises Refused when the catalog has none: with what to do where the back end still has one of that name;
    and NoVerdict when that is because its file can't be used."""
    try:
        return (one_place if is_one else stack_named)(work, name, environment)
    except NoVerdict:
        raise
    except Refused as error:
        found = of_service(name, left_over(work.catalog, _there(cloud)))
        if not found:
            raise
        raise Refused(
            f"The catalog has no specs of {', '.join(found)}, and what it made is still there. "
            + advice(CommandLine(found[0], work.root, cloud))
        ) from error


def stack_there(work: Workspace, name: str, environment: str | None, there: Collection[str]) -> Stack:
    """The stack that an argument of `pave drift`, `destroy` or `recover` means: the name of one, also where
    only the back end still has it, or a service. `there` are the names of the back end's stacks. Raises
    Refused as `one_place` does, and NoVerdict as `stack_to_judge` does."""
    if name in there:
        return within(work.catalog, known_stack(work.catalog, name, there), environment)
    try:
        return one_place(work, name, environment)
    except (NoVerdict, SeveralPlaces):
        raise
    except Refused:
        found = of_service(name, left_over(work.catalog, there))
        if environment is not None:
            found = [each for each in found if environment in _places(known_stack(work.catalog, each, there))]
        if not found:
            raise
        if len(found) > 1:
            raise SeveralPlaces(name, found) from None
        return known_stack(work.catalog, found[0], there)


class SeveralPlaces(Refused):
    """An argument that means several stacks of a service, where it has to mean one."""

    def __init__(self, service: str, found: Collection[str]) -> None:
        listed = "".join(f"\n  {each}" for each in found)
        super().__init__(f"{service} is {len(found)} stacks. Say which, or give --env:{listed}")


def one_place(work: Workspace, name: str, environment: str | None) -> Stack:
    """The stack that an argument means, where it means only one. Raises SeveralPlaces for a service that runs
    in several places when none is said: nobody should have to know which of them counts as the first."""
    stack = stack_named(work, name, environment)
    if environment is None and stack.service is not None and name != str(stack):
        every = [str(each) for each in stacks(work.catalog) if each.service == stack.service]
        if len(every) > 1:
            raise SeveralPlaces(stack.service, every)
    return stack


def _places(stack: Stack) -> set[str]:
    return {stack.environment, stack.place}


def _there(cloud: AskedCloud) -> set[str]:
    """The names of the stacks of a back end; none where nothing was ever made."""
    try:
        return deployed(cloud.existing_target(os.environ))
    except Refused:
        return set()
