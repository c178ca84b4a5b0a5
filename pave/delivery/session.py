"""From a stack's name to what would change on it: judge, open, put right what was cut off, preview."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from catalog.loader import Catalog
from catalog.yaml.parsed import Unusable
from pave.delivery.engine.stack import Opened, open_stack
from pave.delivery.engine.steps import Failed, preview
from pave.delivery.engine.target import CLOUDS
from pave.delivery.recovery.recover import left_behind, recover
from pave.delivery.review.changes import Changes
from pave.delivery.review.guards import Refusal, refusals
from pave.delivery.review.saved_plan import Basis, ReviewedPlan, digest, sealed, state_digest, utc
from pave.git import commit, repository
from pave.planning.decide import decide_plan, stack_named
from pave.refused import Refused
from pave.terminal import progress
from pave.workspace import Workspace
from policies.decision import Decision
from stacks.backend import CutOff
from stacks.gate.break_glass import Glass, NotInForce, passes, read_glass
from stacks.gate.own_rules import folder_of_rules, named_by_project
from stacks.plan import Plan
from stacks.stack import PROJECT, Stack, UnknownStack, foundation_stack, parse_stack


@dataclass(frozen=True)
class Judged:
    """A stack, what its program asks for, and the gate's decision on that, with a broken `glass` or none, and
    own rules in the folder `policies` or none."""

    work: Workspace
    name: Stack
    asked: Plan
    decision: Decision
    glass: Glass | None
    policies: Path | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether the gate stops it, whatever the glass lets pass."""
        rules = self.work.bundle.rules
        return any(one.blocking and not passes(self.glass, one, rules) for one in self.decision.findings)


def judge(
    root: Path,
    today: date,
    name: str,
    environment: str | None,
    glass: Sequence[str] = (),
    policies: Path | None = None,
) -> Judged:
    """Judges a stack by its name, or a service by its name or file, by the rules that its gate asks. Nothing
    is started.

    `glass` are the `NAME=VALUE` of a broken glass. The own rules are those in `policies`, else those that the
    project names. Raises Refused."""
    policies = policies or _own_rules()
    work = Workspace(root, today, policies=policies)
    stack = stack_named(work, name, environment)
    asked, decision = decide_plan(work, stack)
    return Judged(work, stack, asked, decision, _glass(glass, today), policies)


def _own_rules() -> Path | None:
    try:
        return folder_of_rules(named_by_project())
    except Unusable as error:
        raise Refused(str(error)) from error


def _glass(words: Sequence[str], today: date) -> Glass | None:
    try:
        return read_glass(dict(word.split("=", 1) for word in words) or None, today)
    except ValueError:
        raise Refused("--break-glass takes NAME=VALUE, as in --break-glass incident=4711.") from None
    except NotInForce as error:
        raise Refused(f"--break-glass passes nothing: {error}.") from error


class Seen(NamedTuple):
    """What would change on an open stack, and what stands against it."""

    opened: Opened
    changes: Changes
    engine_plan: dict[str, Any]
    refusals: list[Refusal]


def look(
    judged: Judged,
    cloud: str,
    state: Path,
    say: Callable[[str], None],
    *,
    refresh: bool,
    allowed: int | None = None,
    settles: bool = True,
) -> Seen:
    """Opens the stack of a verdict on a cloud, goes on with what an earlier update left unfinished, of which
    `say` is told, and asks the engine what would change.

    `allowed` is how many resources somebody said may change. Without `settles` nothing is changed, so what
    was left unfinished is refused. Raises Refused, and Failed."""
    work = judged.work
    target = CLOUDS[cloud](state, os.environ)
    opened = open_stack(
        target, work.catalog, work.root, judged.name, work.today, judged.glass, judged.policies
    )
    if settles:
        for line in recover(opened, say).done:
            say(line)
    elif found := left_behind(opened):
        raise Refused(_cut_off(judged.name, found))
    with progress(f"Previewing {judged.name}"):
        try:
            changes, engine_plan = preview(opened, judged.asked.origins, refresh=refresh)
        except Failed as error:
            below = foundation_stack(judged.name.environment)
            if f'unknown stack "organization/{PROJECT}/{below}"' not in str(error):
                raise
            what = f"{judged.name} stands on {below}, which isn't there yet."
            raise Failed(f"{what} First: pave up {below}") from error
    return Seen(opened, changes, engine_plan, refusals(changes.found, changes.existing, allowed))


def _cut_off(stack: Stack, found: Iterable[CutOff]) -> str:
    listed = "".join(f"\n  {each}" for each in found)
    return (
        f"An earlier update of {stack} was cut off:{listed}\nWhether these exist isn't known, so what is"
        f" shown could be wrong. `pave recover {stack}` looks, and `pave up {stack}` begins with that."
    )


def stack_on(catalog: Catalog, name: str, known: Iterable[str]) -> Stack:
    """The stack of that name: of the catalog, or one that it has no more and a back end still has.

    Raises Refused."""
    try:
        return parse_stack(name, catalog)
    except UnknownStack as error:
        kind, *parts = name.split(".")
        if name not in known or (kind, len(parts)) not in {("foundation", 1), ("service", 2), ("service", 3)}:
            raise Refused(str(error)) from error
        return Stack(kind, None, *parts) if kind == "foundation" else Stack(kind, *parts)


def basis(judged: Judged, opened: Opened) -> Basis:
    """What a plan is made from now."""
    return Basis(
        asked=digest(judged.asked),
        rules=judged.work.bundle.revision,
        state=state_digest(opened.engine.export_stack().deployment),
        tool=str(opened.cli.version),
        commit=_commit(judged.work.root),
    )


def review(judged: Judged, seen: Seen, now: datetime, *, refresh: bool) -> ReviewedPlan:
    """What was seen, as a plan to be reviewed."""
    return sealed(
        ReviewedPlan(
            stack=str(judged.name),
            cloud=seen.opened.target.cloud,
            made=utc(now),
            basis=basis(judged, seen.opened),
            refresh=refresh,
            changes=seen.changes.found,
            engine=seen.engine_plan,
        )
    )


def _commit(catalog: Path) -> str | None:
    try:
        return commit(repository(catalog), "HEAD")
    except Refused:
        return None
