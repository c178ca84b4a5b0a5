"""Conditions in Cloud Armor's rules language, and what they count.

A rule takes at most `MOST_SUBEXPRESSIONS` and `LONGEST_EXPRESSION` characters, so paths of one kind share a
regular expression, ranges that touch are one, and core rules share what room the exceptions leave.
https://cloud.google.com/armor/docs/rules-language-reference, https://cloud.google.com/armor/quotas#limits
"""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from itertools import chain
from typing import NamedTuple

from components.design.edge.core_rules import group_of, preconfigured, signature_name
from components.design.edge_model import (
    WafException,
    WafGroup,
)

MOST_SUBEXPRESSIONS = 5
"""In the expression of one rule (https://cloud.google.com/armor/quotas#limits)."""

LONGEST_EXPRESSION = 2048
"""Characters of it (the same page)."""

LONGEST_SUBEXPRESSION = 1024
"""Characters of one of its parts (the same page)."""


class Condition(NamedTuple):
    """An expression, and how many subexpressions Cloud Armor counts in it."""

    text: str
    subexpressions: int


def attacks(
    groups: Iterable[WafGroup], without: Sequence[int], unless: Condition
) -> list[tuple[list[str], Condition]]:
    """Conditions that together match what any of `groups` of the core rules recognises, `unless` that holds,
    `without` the core rules of these numbers. Each is with its groups: as many as fit into one rule, and
    where not even one does, one.

    https://cloud.google.com/armor/docs/waf-rules"""
    made: list[tuple[list[WafGroup], Condition]] = []
    for group in groups:
        if made and _fits(grown := _attack([*made[-1][0], group], without, unless)):
            made[-1] = ([*made[-1][0], group], grown)
        else:
            made.append(([group], _attack([group], without, unless)))
    return [([group.name for group in together], condition) for together, condition in made]


def excepted(exceptions: Iterable[WafException], address: str) -> Condition:
    """What follows the condition of a rule that skips all of `exceptions`; `address` is the attribute that
    holds the client's."""
    paths: dict[tuple[str, ...], list[str]] = {}
    for exception in exceptions:
        paths.setdefault(_ranges(exception.sources), []).extend(exception.paths)
    conditions = [_exception(where, who, address) for who, where in paths.items()]
    return Condition(
        "".join(f" && !({each.text})" for each in conditions), sum(each[1] for each in conditions)
    )


def _attack(groups: Sequence[WafGroup], without: Sequence[int], unless: Condition) -> Condition:
    texts = [
        f"evaluatePreconfiguredWaf('{preconfigured(group.name)}', {{{_options(group, without)}}})"
        for group in groups
    ]
    text = " || ".join(texts)
    is_mixed = len(texts) > 1 and unless.text
    return Condition((f"({text})" if is_mixed else text) + unless.text, len(texts) + unless.subexpressions)


def _options(group: WafGroup, without: Sequence[int]) -> str:
    names = [f"'{signature_name(rule)}'" for rule in sorted({*without}) if group_of(rule) == group.name]
    left_out = f", 'opt_out_rule_ids': [{', '.join(names)}]" if names else ""
    return f"'sensitivity': {group.sensitivity}{left_out}"


def _fits(condition: Condition) -> bool:
    return condition.subexpressions <= MOST_SUBEXPRESSIONS and len(condition.text) <= LONGEST_EXPRESSION


def _exception(paths: Iterable[str], sources: Sequence[str], address: str) -> Condition:
    where = list(_path_conditions(list(dict.fromkeys(paths))))
    who = [f"inIpRange({address}, '{source}')" for source in sources]
    text = " || ".join(where)
    if who:
        text = f"({text}) && ({' || '.join(who)})"
    return Condition(text, len(where) + len(who))


def _path_conditions(paths: Sequence[str]) -> Iterator[str]:
    if len(paths) == 1:
        (path,) = paths
        yield f"request.path.startsWith('{path[:-1]}')" if path.endswith("*") else f"request.path == '{path}'"
        return
    begun = ""
    for pattern in map(_pattern, paths):
        grown = f"{begun}|{pattern}" if begun else pattern
        if begun and len(_matches(grown)) > LONGEST_SUBEXPRESSION:
            yield _matches(begun)
            grown = pattern
        begun = grown
    yield _matches(begun)


def _matches(patterns: str) -> str:
    return f"request.path.matches('^(?:{patterns})')"


def _pattern(path: str) -> str:
    """The path in RE2, without a backslash, which the rules language would want doubled. The schema's paths
    hold no other character that means something there."""
    plain = path.removesuffix("*").replace(".", "[.]").replace("+", "[+]")
    return plain if path.endswith("*") else f"{plain}$"


def _ranges(sources: Iterable[str]) -> tuple[str, ...]:
    networks = [ip_network(source) for source in sources]
    four = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    return tuple(str(each) for each in chain(four, six))
