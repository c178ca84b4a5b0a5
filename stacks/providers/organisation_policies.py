"""Whether an effective policy of an organisation allows what a resource demands."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from stacks.providers.constraints import BALANCERS, LOCATIONS, MEMBERS, UNKNOWN_PART, Permit


class PolicyRule(NamedTuple):
    """A rule of an effective policy, as `PolicyRule` of
    https://docs.cloud.google.com/organization-policy/reference/rest/v2/organizations.policies. `enforce` is
    for constraints that are enforced or not, the others are for lists; `condition` is about tags."""

    enforce: bool = False
    allow_all: bool = False
    deny_all: bool = False
    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    condition: str = ""


Customers = Collection[str] | None
"""The values of a policy on members that stand for one of them: the number of the customer in the directory,
and the set of all principals of the organisation. None when nobody here knows them."""


def is_allowed(rules: Sequence[PolicyRule], demand: Permit, customers: Customers = None) -> bool | None:
    """Whether an effective policy allows that; None when it takes more to tell: a rule with a condition would
    decide, or a group of values that only Google resolves. `customers` are those of a demanded member."""
    always = [rule for rule in rules if not rule.condition]
    verdicts = {_allows(always, demand, customers)}
    for rule in rules:
        if rule.condition:
            verdicts.add(_allows([*always, rule], demand, customers))
            verdicts.add(_allows([rule], demand, customers))
    return verdicts.pop() if len(verdicts) == 1 else None


def _allows(rules: Sequence[PolicyRule], demand: Permit, customers: Customers) -> bool | None:
    if not demand.value:
        return not any(rule.enforce for rule in rules)
    if any(rule.deny_all for rule in rules):
        return False
    denied = [_matches(entry, demand, customers) for rule in rules for entry in rule.denied]
    if True in denied:
        return False
    allowed = [_matches(entry, demand, customers) for rule in rules for entry in rule.allowed]
    if True in allowed or any(rule.allow_all for rule in rules) or not allowed:
        return None if None in denied else True
    return None if None in allowed else False


def _matches(entry: str, demand: Permit, customers: Customers) -> bool | None:
    """Whether a value of a policy stands for the demanded one: itself (`is:`, or bare), a group (`in:`), or
    all below a part of the organisation (`under:`)."""
    kind, colon, name = entry.partition(":")
    if not colon or kind not in ("is", "in", "under"):
        kind, name = "is", entry
    if demand.constraint == MEMBERS:
        if demand.value.startswith("all"):
            return False
        return None if customers is None else name in customers
    value = demand.value
    found: bool | None = None
    if kind == "is" and UNKNOWN_PART not in value:
        found = name.lower() == value.lower()
    elif (
        kind == "under" and name.startswith("projects/") and not value.startswith(f"projects/{UNKNOWN_PART}")
    ):
        found = value == name or value.startswith(f"{name}/")
    elif kind == "in" and demand.constraint == LOCATIONS:
        found = _is_in(name.removesuffix("-locations"), value)
    elif kind == "in" and demand.constraint == BALANCERS:
        found = name in value.split("_")
    return found


CONTINENTS = {"africa", "asia", "australia", "europe", "me", "northamerica", "southamerica", "us"}


def _is_in(group: str, place: str) -> bool | None:
    """Whether a region, zone or multi-region is in a group of places, as `us` or `us-east1`:
    https://docs.cloud.google.com/organization-policy/reference/org-policy-constraints#location_groups. Groups
    that aren't named after what is in them, such as `eu`, only Google resolves."""
    if place == group or place.startswith(f"{group}-"):
        return True
    is_known = group in CONTINENTS or group.partition("-")[0] in CONTINENTS
    return False if is_known else None
