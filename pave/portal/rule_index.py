"""The page that lists the rules: made from what each says of itself, so that nothing is typed twice."""

from collections.abc import Iterable

from catalog.filling import Templates
from pave.reports.markup import FILTERS
from policies.coverage import Gap
from policies.rule import PILLARS, Rule

TEMPLATES = Templates(__file__, **FILTERS)


def shipped_rules(rules: Iterable[Rule], gaps: Iterable[Gap]) -> str:
    """The page on the rules of pave and on checks without one, in Markdown, for a file beside `rules/`."""
    return TEMPLATES.fill("shipped_rules.md", pillars=_by_pillar(rules), gaps=gaps)


def own_rules(rules: Iterable[Rule]) -> str:
    """The same page on an organisation's own rules."""
    return TEMPLATES.fill("own_rules.md", pillars=_by_pillar(rules))


def _by_pillar(rules: Iterable[Rule]) -> list[tuple[str, list[Rule]]]:
    in_order = sorted(rules, key=lambda rule: rule.id)
    found = ((pillar, [rule for rule in in_order if rule.pillar == pillar]) for pillar in PILLARS)
    return [(pillar, within) for pillar, within in found if within]
