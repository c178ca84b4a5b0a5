"""What a rule asks for, why, and what mends it: in words, with an example of both."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from pave.asked_rules import AskedRules
from policies.coverage import Gap
from policies.in_force import HOME
from policies.rule import Rule

WIDTH = 76
"""Columns of a paragraph, without what it is indented by."""


def listed(rules: Iterable[Rule], gaps: Iterable[Gap]) -> str:
    """A line for each rule, and for each check that isn't implemented."""
    lines = [f"{one.id:<52} level {one.level}  {one.severity:<7}  {'+'.join(one.stages)}" for one in rules]
    number = len(lines)
    lines += [f"unimplemented: {gap.check}. {gap.why}" for gap in gaps if gap.standing == "unimplemented"]
    lines += ["", f"{number} rules. `pave explain RULE` says why one is there and what mends it."]
    return "".join(f"{line}\n" for line in lines)


def explained(rule: Rule, asked: AskedRules) -> str:
    """All that is known of a rule, with its examples where its folder is at hand: own ones or pave's."""
    return "".join(f"{line}\n" for line in _explained(rule, _folder(rule.id, asked)))


def _folder(rule: str, asked: AskedRules) -> Path:
    place = Path("rules", *rule.replace("-", "_").split("/"))
    homes = [home for home in (asked.own, HOME) if home is not None and (home / place).is_dir()]
    return homes[0] / place if homes else place


def _explained(rule: Rule, folder: Path) -> Iterator[str]:
    yield rule.title
    yield "=" * len(rule.title)
    stages = " and ".join(rule.stages)
    if rule.declared is not None:
        yield f"passes on words: {rule.declared.field} is believed, no plan proves it"
    yield f"{rule.id} · pillar {rule.pillar} · level {rule.level} · {rule.severity} · {stages}"
    for heading, text in (
        ("Why", " ".join(rule.description.split())),
        ("What it says", rule.message),
        ("What mends it", rule.remediation),
    ):
        yield f"\n{heading}\n{textwrap.indent(textwrap.fill(text, WIDTH), '  ')}"
    for heading, name in (("Avoid", "failing.yaml"), ("Prefer", "passing.yaml")):
        example = folder / name
        if example.is_file():
            yield f"\n{heading}\n{textwrap.indent(example.read_text('utf-8').rstrip(), '  ')}"
    yield "\nRead more"
    yield from (f"  {reference}" for reference in rule.references)
