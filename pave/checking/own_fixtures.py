"""Whether the documents beside an own rule prove it: one makes it fire, the other doesn't."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from catalog.document import Document
from pave.asked_rules import AskedRules
from pave.checking.judge import Judge, judge_documents
from pave.planning.decide import decide_plan
from pave.workspace import Workspace
from policies.rule import Rule
from stacks.stack import foundation_stack, service_stack

FIXTURES = {"failing.yaml": True, "passing.yaml": False}
"""The document's file → whether its rule has to find something in it."""


def unproven(own: Path, root: Path, today: date) -> Iterator[str]:
    """What is wrong with the documents beside the own rules in a folder, judged in the catalog at `root`, a
    line each. Raises Refused for rules that can't be compiled."""
    asked = AskedRules(own)
    for rule in asked.own_rules():
        folder = own / "rules" / rule.pillar / rule.id.partition("/")[2].replace("-", "_")
        for name, fires in FIXTURES.items():
            work = Workspace(root, today, _around(folder / name), asked)
            yield from _unproven(rule, folder / name, work, fires=fires)


def _around(fixture: Path) -> list[Path]:
    """The document, and those beside it that belong to both."""
    others = [path for path in sorted(fixture.parent.glob("*.yaml")) if path.name not in FIXTURES]
    return [fixture, *others] if fixture.is_file() else others


def _unproven(rule: Rule, fixture: Path, work: Workspace, *, fires: bool) -> Iterator[str]:
    if not fixture.is_file():
        yield f"{fixture} is missing: nothing shows what {rule.id} {'finds' if fires else 'lets pass'}."
        return
    shown = work.catalog.shown(fixture)
    wrong = [each for each in work.catalog.problems if each.document == shown]
    broken = [each for each in work.catalog.unusable if each.path == shown]
    if wrong or broken:
        yield from work.told([*work.quoting.problems(wrong), *broken])
        return
    found = rule.id in _findings(work, work.catalog.file(shown), rule)
    if fires and not found:
        yield f"{fixture} doesn't fail: {rule.id} finds nothing in it."
    if found and not fires:
        yield f"{fixture} doesn't pass: {rule.id} finds something in it."


def _findings(work: Workspace, document: Document, rule: Rule) -> set[str]:
    """The rules that fail in a document, and in its plan for a rule that judges nothing else."""
    judge = Judge(work.catalog, work.new_engine, work.bundle.rules, work.today)
    decisions, _ = judge_documents(work.catalog, [document], None, judge)
    if rule.stages == ("plan",):
        for place in work.catalog.places(document):
            is_service = document.kind == "Service"
            stack = service_stack(document.name, place) if is_service else foundation_stack(place)
            decisions.append(decide_plan(work, stack)[1])
    return {one.rule for decision in decisions for one in decision.findings if one.status == "failed"}
