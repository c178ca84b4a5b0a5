"""The gate: judges a whole stack, its spec and its recorded plan, before the engine registers anything.

`run_gated` is the gate in the Pulumi program itself: it can't be passed by not using `pave`.
"""

import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pulumi

from catalog.document import Document, quotable_lines
from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service, service_at
from catalog.kinds.waiver import waivers
from catalog.loader import Catalog
from catalog.problem import Problem
from catalog.yaml.fault import visible
from components.design.migration.quiet import cut_over
from policies.decision import Decision
from policies.decision import decide as decide_subject
from policies.engines.answer import Engine, EngineError
from policies.engines.embedded import EngineAside
from policies.in_force import NoRules, rules_in_force
from policies.private_folder import code_directory
from policies.quoting import Quoting
from policies.redaction import redacted, secrets_in
from policies.rule import Rule, Stage
from policies.subject import StackPart, subject_of
from policies.waivers import Approval
from policies.wording import describe_decision, fitted
from stacks.budgets.known import BudgetAnswer, KnownState, known
from stacks.budgets.running import Running
from stacks.gate.break_glass import KEY, Glass, NotInForce, can_be_waived, how_to, passes, read_glass
from stacks.gate.completion import at_the_end
from stacks.gate.learning import Learnt, before_update, learn
from stacks.gate.new_versions import NewVersions, remind, require_permitted
from stacks.gate.own_rules import SETTING, folder_of_rules
from stacks.gate.seal import GLASS, OUTPUT, broken, seal
from stacks.gate.tripwire import Tripwire
from stacks.gate.turn import require_turn
from stacks.plan import Plan, Planner, plan_of
from stacks.policy_input import rule_input, spec_of
from stacks.properties import UNKNOWN
from stacks.recording.model import RecordingError
from stacks.rollouts.own_cluster import Clusters
from stacks.stack import PROJECT, Stack, UnknownStack, parse_stack, program

WIDTH = 80

PARTS: dict[str, StackPart] = {"unit": "unit", "global": "global"}
"""What stacks are that are neither services nor foundations."""


class Unjudged(Exception):
    """A stack can't be judged because its own documents have problems: these `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Case:
    """All that plans of one stack are judged with: its documents, its waivers, the rules and the day.

    `engine` evaluates the rules of a bundle, whose metadata are `rules`. `approvals` is what the platform
    says of waivers, by name; none where it isn't asked. Raises Unjudged when the stack's documents can't be
    read."""

    def __init__(
        self,
        catalog: Catalog,
        stack: Stack,
        engine: Engine,
        rules: Mapping[str, Rule],
        today: date,
        approvals: Mapping[str, Approval] | None = None,
    ) -> None:
        environment = catalog.find(Environment, stack.environment)
        if environment is None:
            raise Unjudged(catalog.problems)
        service: Service | None = None
        if stack.service is not None:
            found = service_at(catalog, stack.service, stack.place)
            if isinstance(found, list):
                raise Unjudged(found)
            service = found
        self.service = service
        self.environment = environment
        self.waivers = waivers(catalog, stack.service, stack.place)
        self.rules = rules
        self._catalog = catalog
        self._part = PARTS.get(stack.kind, "foundation")
        self._engine = engine
        self._today = today
        self._approvals = approvals
        self._known: KnownState | None = None

    def learn(self, learnt: Learnt, recorded: Plan) -> None:
        """Takes up what is known of the service, for all that is decided from now on: about the change from
        what runs to the plan as it was `recorded`."""
        if self.service is not None:
            self._known = known(
                self._catalog,
                self.service,
                learnt.asked,
                learnt.running,
                recorded,
                self._today,
                is_reliability=learnt.reliability is not None,
                cut_over=learnt.cut_over,
            )

    @property
    def documents(self) -> list[Document]:
        """The stack's own files: that of its service or of its part of the environment, its environment's,
        and its waivers'."""
        named = [self.environment.document, *(waiver.document for waiver in self.waivers)]
        own = {"unit": ObservabilityUnit, "global": ObservabilityGlobal}.get(self._part)
        made = None if own is None else self._catalog.find(own, self.environment.name)
        return [*(each.document for each in (self.service, made) if each is not None), *named]

    def decide(self, plan: Plan) -> Decision:
        """The decision on the spec and a plan. Raises EngineError when the rules give no answer."""
        judged = self.service or self.environment
        subject = subject_of(self._catalog, judged, plan.origins, self._approvals, part=self._part)
        raw = self._engine.evaluate(rule_input(self._spec, plan, self._known))
        stages: list[Stage] = ["spec", "plan"] if self._known is None else ["spec", "plan", "state"]
        return decide_subject(subject, raw, self.rules, stages, self._today)

    @functools.cached_property
    def _spec(self) -> msgspec.Raw:
        return spec_of(self._catalog, self.service or self.environment, self._today)


def judge_stack(
    catalog: Catalog,
    stack: Stack,
    engine: Engine,
    rules: Mapping[str, Rule],
    today: date,
    approvals: Mapping[str, Approval] | None = None,
    learnt: Learnt | None = None,
) -> tuple[Plan, Decision]:
    """Records a stack and judges it: its plan, with secrets redacted that rules found in its spec, and the
    decision. `approvals` is what the platform says of waivers, by name; `learnt` what is known of its service
    besides, None where nobody was asked.

    None of the errors is a pass. Raises Unjudged when the stack's documents can't be read, RecordingError
    when its program can't be recorded, and EngineError when the rules give no answer."""
    case = Case(catalog, stack, engine, rules, today, approvals)
    plan = Planner(catalog).plan(stack)
    if learnt is not None:
        case.learn(learnt, plan)
    decision = case.decide(plan)
    return _without_secrets(plan, secrets_in(decision, catalog.file)), decision


def _without_secrets(plan: Plan, secrets: list[str]) -> Plan:
    if not secrets:
        return plan
    resources = [
        msgspec.structs.replace(resource, inputs=redacted(resource.inputs, secrets))
        for resource in plan.resources
    ]
    return Plan(plan.stack, resources)


def run_gated(
    catalog: Catalog,
    root: Path,
    name: str,
    now: datetime,
    asked: BudgetAnswer | None = None,
    reliability: Glass | None = None,
    clusters: Clusters | None = None,
) -> None:
    """Runs the program of the stack `name` if its gate lets it through, and exports the seal.

    `root` is the catalog's folder, `now` the time (UTC) judged for. `asked` is the answer on the service's
    error budgets: without one it is asked for where `pave:budget` of the stack says, a file or a URL, else
    where the environment's unit does. `reliability` is whose word it is that this is for reliability, else
    that in `pave:reliability` of the stack. `clusters` is how the service's cluster is asked about the
    versions that run there, None where nothing does. Before anything is registered, the program is
    recorded and judged, by the shipped rules and those in the folder that `pave:policies` of the project
    names. A blocked stack, one that can't be judged, and rules that give no answer raise pulumi.RunError: one
    message, no traceback, and nothing registered but the stack's root. A request during the run that differs
    from the recording is judged again (`tripwire`). A broken glass in the stack's configuration passes what
    can be waived, and the output names the rules that it passed; in a preview they are unknown as long as a
    value is."""
    today = now.date()
    try:
        stack = parse_stack(name, catalog)
        bundle = rules_in_force(folder_of_rules(pulumi.Config(PROJECT).get(SETTING)))
        engine = EngineAside(bundle, cache_dir=code_directory())
        case = Case(catalog, stack, engine, bundle.rules, today)
        recording = Planner(catalog).recording(stack)
        plan = plan_of(recording)
        remembered: dict[str, Any] = {}
        before: Running | None = None
        if case.service is not None:
            before, phase = before_update()
            moves = cut_over(catalog, case.service, phase, now)
            learnt, remembered = learn(catalog, case.service, plan, today, before, moves, asked, reliability)
            if learnt is not None:
                case.learn(learnt, plan)
        decision = case.decide(plan)
    except Unjudged as error:
        said = Unjudged(Quoting(root).problems(error.problems))
        raise pulumi.RunError(visible(f"pave can't judge {name}: {said}")) from None
    except (UnknownStack, NoRules, RecordingError, EngineError) as error:
        raise pulumi.RunError(visible(f"pave can't judge {name}: {error}")) from None
    gate = _Gate(case, root, name, today)
    monitor, is_update = pulumi.runtime.settings.get_monitor(), not pulumi.runtime.is_dry_run()
    if not gate.lets_through(decision):
        raise pulumi.RunError(gate.explain(decision))
    if case.service is not None:
        require_turn(catalog, stack, monitor)
        coming = NewVersions(case.service, plan, before, clusters)
        require_permitted(coming, name, monitor, has_glass=gate.glass is not None, is_update=is_update)
        remind(coming, monitor)
    tripwire = Tripwire(recording, gate, is_update=is_update)
    tripwire.arm(monitor)
    sealed = seal(decision, case.documents, root, bundle.revision)
    sealed |= remembered
    if gate.glass is not None:
        sealed[GLASS] = broken(gate.glass, at_the_end(lambda: UNKNOWN if tripwire.is_open else gate.passed))
    pulumi.export(OUTPUT, sealed)
    program(catalog, stack)()


class _Gate:
    """The gate of one run: its judgements, the broken glass in the stack's configuration, and the
    messages."""

    def __init__(self, case: Case, root: Path, name: str, today: date) -> None:
        self.decide = case.decide
        self.glass: Glass | None = None
        self._passed: set[str] = set()
        self._rules = case.rules
        self._root = root
        self._name = name
        self._today = today
        self._said: set[tuple[str, str, str | None]] = set()
        self._idle = ""
        try:
            self.glass = read_glass(pulumi.Config("pave").get_object(KEY), today)
        except pulumi.ConfigTypeError:
            self._idle = "it isn't an object"
        except NotInForce as error:
            self._idle = str(error)
        remove = f"`pulumi config rm --stack {name} pave:{KEY}` removes it."
        if self._idle:
            self._idle = f"The break-glass of {name} passes nothing: {self._idle}. {remove}"
            pulumi.log.warn(self._idle)
        if self.glass is not None:
            pulumi.log.warn(f"The gate of {name} is broken: {self.glass}. When that is over, {remove}")

    @property
    def passed(self) -> list[str]:
        """The rules whose findings the glass has passed so far."""
        return sorted(self._passed)

    def lets_through(self, decision: Decision) -> bool:
        """Whether nothing in a decision blocks but what the broken glass passes, which is logged once
        each."""
        blocking = [one for one in decision.findings if one.blocking]
        if not all(passes(self.glass, one, self._rules) for one in blocking):
            return False
        self._passed |= {one.rule for one in blocking}
        new = {(one.rule, one.path, one.resource) for one in blocking} - self._said
        if new:
            self._said |= new
            pulumi.log.warn(f"Passed by the broken glass:\n{self._words(decision)}")
        return True

    def explain(self, decision: Decision, left: str = "") -> str:
        """The message for a blocked stack: the decision as `pave check` says it, `left` (what the user is
        left with), and how to break the glass, if that helps."""
        return "\n\n".join(filter(None, (self._words(decision), left, self._way_out(decision))))

    def _words(self, decision: Decision) -> str:
        lines = describe_decision(
            decision,
            lambda path: quotable_lines(self._root, path),
            lambda path: f"{self._root.name}/{path}",
            WIDTH,
        )
        return visible("\n".join(line.text for line in fitted(lines, WIDTH)))

    def _way_out(self, decision: Decision) -> str:
        if self._idle:
            return self._idle
        blocking = [one for one in decision.findings if one.blocking]
        fixed = sorted({one.rule for one in blocking if not can_be_waived(one, self._rules)})
        if fixed:
            return f"No broken glass passes {', '.join(fixed)}: what it prevents can't be undone."
        return f"In an incident, break the glass:\n{how_to(self._name, self._today)}"
