"""The page that lists the rules: made from what each says of itself, so that nothing is typed twice."""

from collections.abc import Iterable, Iterator

from policies.coverage import Gap
from policies.rule import PILLARS, Rule

HEAD = """\
# The rules

<!-- Made by `pave policies docs` from the METADATA of the rules. Edit those. -->

A rule of severity *error* blocks the services whose target level is at least its own
([the table](enforcement.py)); all else are next steps. `pave explain RULE` shows why a rule is there, what
mends it, and an example of both.
"""


def rule_index(rules: Iterable[Rule], head: str = HEAD) -> str:
    """The page on some rules, in Markdown, for a file beside the folder `rules/`."""
    return head + "".join(_sections(sorted(rules, key=lambda rule: rule.id)))


def gap_index(gaps: Iterable[Gap]) -> str:
    """The part of the page on checks without a rule."""
    rows = "".join(f"| {gap.check} | {gap.standing} | {gap.why} |\n" for gap in gaps)
    return (
        "\n## Without a rule\n\n"
        "*By construction*: no spec can express the breach, so a rule could never fire. "
        "*Unimplemented*: the\n"
        "evidence is not in a spec, a recorded plan or the catalog; nothing passes for it.\n\n"
        f"| check | stands | why |\n| --- | --- | --- |\n{rows}"
    )


def _sections(rules: list[Rule]) -> Iterator[str]:
    for pillar in PILLARS:
        within = [rule for rule in rules if rule.pillar == pillar]
        if within:
            yield f"\n## {pillar.capitalize()}\n\n"
            yield "| rule | asks for | level | severity | judges | may be waived |\n"
            yield "| --- | --- | --- | --- | --- | --- |\n"
            yield from map(_row, within)


def _row(rule: Rule) -> str:
    name = rule.id.split("/")[1]
    link = f"[{name}](rules/{rule.pillar}/{name.replace('-', '_')}/)"
    judged = " and ".join(rule.stages)
    waivable = "yes" if rule.waivable else "no"
    title = rule.title.replace("|", "\\|")
    return f"| {link} | {title} | {rule.level} | {rule.severity} | {judged} | {waivable} |\n"
