"""What a rule asks for, why, and what mends it: in words, with an example of both."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from pave.asked_rules import AskedRules
from pave.layout import in_columns, wrapped
from policies.coverage import Gap
from policies.in_force import HOME
from policies.rule import Rule


def listed(rules: Iterable[Rule], gaps: Iterable[Gap], width: int) -> str:
    """The rules, and the checks that aren't implemented, in lines of so many columns."""
    rows = [(one.id, f"level {one.level}", one.severity, "+".join(one.stages)) for one in rules]
    lines = in_columns(rows, width)
    for gap in gaps:
        if gap.standing == "unimplemented":
            lines += wrapped(f"unimplemented: {gap.check}. {gap.why}", width, rest="  ")
    told = f"{len(rows)} rules. `pave explain RULE` says why one is there and what mends it."
    return "".join(f"{line}\n" for line in (*lines, "", *wrapped(told, width)))


def explained(rule: Rule, asked: AskedRules, width: int) -> str:
    """All that is known of a rule, with its examples where its folder is at hand: own ones or pave's. Its
    paragraphs have lines of so many columns."""
    return "".join(f"{line}\n" for line in _explained(rule, _folder(rule.id, asked), width))


def _folder(rule: str, asked: AskedRules) -> Path:
    place = Path("rules", *rule.replace("-", "_").split("/"))
    homes = [home for home in (asked.own, HOME) if home is not None and (home / place).is_dir()]
    return homes[0] / place if homes else place


def _explained(rule: Rule, folder: Path, width: int) -> Iterator[str]:
    title = wrapped(rule.title, width)
    yield from (*title, "=" * max(map(len, title)))
    stages = " and ".join(rule.stages)
    if rule.declared is not None:
        proof, fields = rule.declared.proof, rule.declared.fields
        proven = "nothing proves it" if proof is None else f"until {proof} was asked and finds nothing"
        are = "is" if len(fields) == 1 else "are"
        told = f"passes on words: {' and '.join(fields)} {are} believed, {proven}"
        yield from wrapped(told, width, rest="  ")
    if rule.guards:
        told = (
            f"binds whatever tier and stage, in production, where there is at stake: {', '.join(rule.guards)}"
        )
        yield from wrapped(told, width, rest="  ")
    facts = f"{rule.id} · pillar {rule.pillar} · level {rule.level} · {rule.severity} · {stages}"
    yield from wrapped(facts, width, rest="  ")
    for heading, text in (
        ("Why", " ".join(rule.description.split())),
        ("What it says", rule.message),
        ("What mends it", rule.remediation),
    ):
        yield from (f"\n{heading}", *wrapped(text, width, "  "))
    for heading, name in (("Avoid", "failing.yaml"), ("Prefer", "passing.yaml")):
        example = folder / name
        if example.is_file():
            yield f"\n{heading}\n{textwrap.indent(example.read_text('utf-8').rstrip(), '  ')}"
    yield "\nRead more"
    yield from (f"  {reference}" for reference in rule.references)
