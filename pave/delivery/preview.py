"""From a stack's name to a preview: judge it, open it, settle what an earlier update left unfinished,
preview."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from catalog.kinds.service import Service, service_at
from catalog.yaml.parsed import Unusable
from components.design.migration.passage import OUTPUT as PHASE
from components.design.migration.passage import is_called_after, passage
from components.design.migration.quiet import cut_over
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.previews import EngineFailed, last_known, preview_update
from pave.delivery.engine.stack import OpenedStack, on_day, open_stack
from pave.delivery.engine.target import AskedCloud
from pave.delivery.held_back import HeldBack
from pave.delivery.left_over import stack_to_judge
from pave.delivery.recovery.recover import left_behind, recover
from pave.delivery.secret_values import design_of, look, secret_values
from pave.delivery.unfinished import unfinished
from pave.git import commit, repository
from pave.planning.decide import decide_plan
from pave.refused import Refused
from pave.reviewing.changes import Changes, ResourceChange
from pave.reviewing.guards import NO_WORD, Refusal, UpdateOptions, update_refusals
from pave.reviewing.saved_plan import Basis, ReviewedPlan, digest, sealed, state_digest, utc
from pave.terminal import progress
from pave.workspace import Workspace
from policies.decision import Decision
from stacks.backend import CutOff, folder_of, outputs_in, stack_names, state
from stacks.budgets.asking import asked_for
from stacks.budgets.known import BudgetAnswer
from stacks.budgets.running import NOTHING, read_running
from stacks.gate.break_glass import Glass, NotInForce, passes, read_glass
from stacks.gate.learning import NOBODY_ASKED, Learnt
from stacks.gate.own_rules import folder_of_rules, named_by_project
from stacks.gate.seal import OUTPUT
from stacks.plan import Plan
from stacks.stack import PROJECT, Stack, foundation_stack, stacks


@dataclass(frozen=True)
class JudgedStack:
    """A stack with the gate's decision on it; nothing was started for that.

    `asked` is the recorded plan that was judged, `work` what it was judged with. `glass` is the broken glass
    of this run, None when there is none. `budget` is the answer on the service's error budgets, None where
    nobody was asked, and `reliability` whose word it is that this is for that."""

    work: Workspace
    name: Stack
    asked: Plan
    decision: Decision
    glass: Glass | None
    budget: BudgetAnswer | None = None
    reliability: Glass | None = None
    now: datetime | None = None

    @property
    def is_blocked(self) -> bool:
        """Whether a finding blocks that the broken glass, if there is one, doesn't let pass."""
        rules = self.work.bundle.rules
        return any(one.blocking and not passes(self.glass, one, rules) for one in self.decision.findings)


def judge(
    line: CommandLine,
    today: date,
    environment: str | None,
    *,
    is_one: bool = False,
    now: datetime | None = None,
) -> JudgedStack:
    """Judges the stack that a command line names, by the rules that its gate asks. Starts no engine.

    Its `stack` may also be the name or file of a service, then with its `environment`; with `is_one` that has
    to be given where it runs in several places, else it is the first. The own rules are those that it names,
    else those in the folder that `Pulumi.yaml` names. `now` is the time on that day
    (UTC), without it that of the clock. Raises Refused when there is no such stack, the glass isn't in force,
    or there is no verdict."""
    rules = line.asked if line.asked.own is not None else line.asked._replace(own=_own_rules())
    work = Workspace(line.root, today, rules=rules)
    stack = stack_to_judge(work, line.stack, environment, line.cloud, is_one=is_one)
    glass, reliability = (
        asked_word(words, option, today)
        for words, option in ((line.glass, "--break-glass"), (line.reliability, "--reliability"))
    )
    budget = _budget(work, stack, line.budget)
    now = now or on_day(today)
    learnt = _learnt(work, stack, line.cloud, budget, reliability, now)
    asked, decision = decide_plan(work, stack, learnt)
    return JudgedStack(work, stack, asked, decision, glass, budget, reliability, now)


def _learnt(
    work: Workspace,
    stack: Stack,
    cloud: AskedCloud,
    budget: BudgetAnswer | None,
    reliability: Glass | None,
    now: datetime,
) -> Learnt | None:
    """What is known of a service besides its files; None where nobody is to be asked of its budgets and the
    update is no cut-over."""
    service = _service(work, stack)
    if service is None or (budget is None and work.catalog.way(service.document.name) is None):
        return None
    outputs = _outputs(cloud, stack)
    moves = cut_over(work.catalog, service, (outputs or {}).get(PHASE), now)
    if budget is None and moves is None:
        return None
    running = None if outputs is None else read_running(outputs.get(OUTPUT)) if outputs else NOTHING
    return Learnt(budget or NOBODY_ASKED, running, reliability, moves)


def _service(work: Workspace, stack: Stack) -> Service | None:
    found = None if stack.service is None else service_at(work.catalog, stack.service, stack.place)
    return found if isinstance(found, Service) else None


def _budget(work: Workspace, stack: Stack, named: str | None) -> BudgetAnswer | None:
    """The answer on the error budgets of a stack's service; None where nobody is to be asked."""
    service = _service(work, stack)
    return None if service is None else asked_for(work.catalog, service, named, os.environ)


def _outputs(cloud: AskedCloud, stack: Stack) -> dict[str, Any] | None:
    """What a stack's last update has written, as the state says that lies in a folder, nothing where there
    was none; None for another, or where nobody can say: the gate in the program asks."""
    folder = folder_of(cloud.target(os.environ).backend)
    found = None if folder is None else state(folder, str(stack))
    if folder is None or (found is None and str(stack) in stack_names(folder)):
        return None
    return dict(outputs_in(found or {}))


def _own_rules() -> Path | None:
    try:
        return folder_of_rules(named_by_project())
    except Unusable as error:
        raise Refused(str(error)) from error


def asked_word(words: Sequence[str], option: str, today: date) -> Glass | None:
    """The broken glass that the words of `--break-glass` ask for, or what stands in those of another option
    like it; None without any. Raises Refused when it isn't in force."""
    try:
        return read_glass(dict(word.split("=", 1) for word in words) or None, today)
    except ValueError:
        raise Refused(f"{option} takes NAME=VALUE, as in {option} incident=4711.") from None
    except NotInForce as error:
        raise Refused(f"{option} passes nothing: {error}.") from error


class StackPreview(NamedTuple):
    """What an update of an opened stack would change, the engine's plan of that, the guards' refusals, and
    what it leaves for later."""

    opened: OpenedStack
    changes: Changes
    engine_plan: dict[str, Any]
    refusals: list[Refusal]
    held: HeldBack

    @property
    def can_be_allowed(self) -> bool:
        """Whether each refusal has an option that lets it through."""
        return all(refusal.word for refusal in self.refusals)

    @property
    def options(self) -> list[str]:
        """The options that let them through, as words of a command line."""
        return [word for said in dict.fromkeys(each.word for each in self.refusals) for word in said.split()]


def preview_stack(
    judged: JudgedStack,
    cloud: AskedCloud,
    say: Callable[[str], None],
    *,
    refresh: bool,
    words: UpdateOptions = NO_WORD,
    settles: bool = True,
    keeps: bool = False,
) -> StackPreview:
    """Opens a judged stack on the cloud of `--cloud` and `--state`, and previews its update; with `refresh`,
    compared with the cloud rather than the state.

    What an earlier update left unfinished is settled first, which changes the state; `say` gets a line on
    each. Without `settles` that is refused instead. With `keeps`, what would go and can't be had again stays,
    in the cloud and in the state: a phase that is left again has made it. `words` are the options that allow
    what is else refused. Raises Refused, and EngineFailed when the engine can't preview."""
    work = judged.work
    target = cloud.target(os.environ)
    opened = open_stack(
        target,
        work.catalog,
        work.root,
        judged.name,
        work.today,
        judged.glass,
        work.rules.own,
        judged.budget,
        judged.reliability,
        judged.now,
    )
    if settles:
        for line in recover(opened, say).done:
            say(line)
    elif found := left_behind(opened):
        raise Refused(_cut_off(CommandLine(str(judged.name), work.root, cloud), found))
    held = look(design_of(work, judged.name), judged.asked, secret_values(target))
    with progress(f"Previewing {judged.name}"):
        try:
            changes, engine_plan = preview_update(opened, judged.asked, refresh=refresh, without=held.urns)
            if keeps and (kept := [each.urn for each in changes.found if _would_be_lost(each)]):
                held = held._replace(urns=[*held.urns, *kept])
                changes, engine_plan = preview_update(
                    opened, judged.asked, refresh=refresh, without=held.urns
                )
        except EngineFailed as error:
            below = foundation_stack(judged.name.environment)
            if f'unknown stack "organization/{PROJECT}/{below}"' not in str(error):
                raise
            what = f"{judged.name} stands on {below}, which isn't there yet."
            first = CommandLine(str(below), work.root, cloud).of("up")
            raise EngineFailed(f"{what} First: {first}") from error
    refusals = _refusals(judged, changes, words)
    return StackPreview(opened, changes, engine_plan, refusals, held)


def _would_be_lost(change: ResourceChange) -> bool:
    return change.action == "delete" and (change.stateful or change.protected or change.retained)


def _refusals(judged: JudgedStack, changes: Changes, words: UpdateOptions) -> list[Refusal]:
    """The guards' refusals, with what the phase that a service is in has planned."""
    name = judged.name
    if name.service is None:
        return update_refusals(changes.found, changes.existing, words, changes.unlocked)
    on_its_way = passage(judged.work.catalog, name.service, name.place)
    planned: tuple[str, ...] = ()
    if on_its_way is not None:
        planned = on_its_way.losing
        released = (one for one in changes.unlocked if is_called_after(one, on_its_way.releasing))
        words = words._replace(accepted=(*words.accepted, *released))
    return update_refusals(changes.found, changes.existing, words, changes.unlocked, planned)


def _cut_off(line: CommandLine, found: Iterable[CutOff]) -> str:
    listed = "".join(f"\n  {each}" for each in found)
    return (
        f"An earlier update of {line.stack} was cut off:{listed}\nWhether these exist isn't known, so what is"
        f" shown could be wrong. `{line.of('recover')}` looks, and `{line.of('up')}` begins with that."
    )


def basis(judged: JudgedStack, opened: OpenedStack) -> Basis:
    """What a plan of this stack would be made from now, to compare with what a saved plan was made from."""
    return Basis(
        asked=digest(judged.asked),
        rules=judged.work.bundle.revision,
        state=state_digest(opened.engine.export_stack().deployment),
        tool=str(opened.cli.version),
        commit=_commit(judged.work.root),
    )


def plan_to_review(
    judged: JudgedStack, preview: StackPreview, now: datetime, *, refresh: bool
) -> ReviewedPlan:
    """A preview as a sealed plan, to be saved, reviewed and applied. `now` is when it is made; `refresh`
    whether it was compared with the cloud."""
    return sealed(
        ReviewedPlan(
            stack=str(judged.name),
            cloud=preview.opened.target.cloud,
            made=utc(now),
            basis=basis(judged, preview.opened),
            refresh=refresh,
            changes=preview.changes.found,
            engine=preview.engine_plan,
        )
    )


def has_end_to_come_to(judged: JudgedStack, opened: OpenedStack) -> bool:
    """Whether the last update failed, was cut off, or broke the glass, so that one without has to end well
    though it changes nothing."""
    try:
        last = last_known(opened)
    except EngineFailed:  # `pave drift` says so
        return False
    left = unfinished(last.operation)
    is_open = left is not None and left.why in {"failed", "cut-off"}
    return is_open or (judged.glass is None and last.glass is not None)


def next_command(judged: JudgedStack, line: CommandLine) -> str:
    """The command to type after an update: for what stands on a foundation, else to see whether all stays as
    it is."""
    above = [name for name in stacks(judged.work.catalog) if name.environment == judged.name.environment]
    above = [name for name in above if name.service is not None]
    if judged.name.service is not None or not above:
        return line.of("drift")
    return line._replace(stack=str(above[0])).of("up")


def _commit(catalog: Path) -> str | None:
    try:
        return commit(repository(catalog), "HEAD")
    except Refused:
        return None
