"""Whether the documents beside an own rule prove it: one makes it fire, the other doesn't."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from catalog.document import Document
from catalog.problem import Problem
from pave.asked_rules import AskedRules
from pave.checking.judge import Judge, judge_documents
from pave.planning.decide import decide_plan
from pave.refused import Refused
from pave.workspace import Workspace
from policies.rule import Rule
from stacks.policy_input import input_on
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


def _known(fixture: Path) -> Any | None:
    """What is known besides, in `failing.state.json` of `failing.yaml`. Raises Refused."""
    path = fixture.with_suffix(".state.json")
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError as error:
        raise Refused(f"{path} is no JSON: {error}.") from error


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
    document = work.catalog.file(shown)
    findings, wrong = _findings(work, document, rule)
    if wrong:
        yield from work.told(work.quoting.problems(wrong))
        return
    found = rule.id in findings
    if "state" in rule.stages:
        found |= rule.id in _found_besides(work, document, _known(fixture))
    if fires and not found:
        yield f"{fixture} doesn't fail: {rule.id} finds nothing in it."
    if found and not fires:
        yield f"{fixture} doesn't pass: {rule.id} finds something in it."


def _found_besides(work: Workspace, document: Document, state: Any) -> set[str]:
    """The rules that fail in a document with what is known besides."""
    engine = work.new_engine()
    judged = [work.catalog.judged(document, place) for place in work.catalog.places(document)]
    inputs = [
        input_on(work.catalog, each, work.today, state=state) for each in judged if not isinstance(each, list)
    ]
    return {one.rule for each in inputs for one in engine.evaluate(each) if one.status == "failed"}


def _findings(work: Workspace, document: Document, rule: Rule) -> tuple[set[str], list[Problem]]:
    """The rules that fail in a document, and in its plan for a rule that judges nothing else; and what is
    wrong with what it names, which keeps it from being judged."""
    judge = Judge(work.catalog, work.new_engine, work.bundle.rules, work.today)
    decisions, wrong = judge_documents(work.catalog, [document], None, judge)
    if wrong:
        return set(), wrong
    if rule.stages == ("plan",):
        for place in work.catalog.places(document):
            is_service = document.kind == "Service"
            stack = service_stack(document.name, place) if is_service else foundation_stack(place)
            decisions.append(decide_plan(work, stack)[1])
    failed = {one.rule for decision in decisions for one in decision.findings if one.status == "failed"}
    return failed, []
