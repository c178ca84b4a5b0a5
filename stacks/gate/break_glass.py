"""Break-glass: in an incident, one stack may pass its gate despite rules that can be waived, for some days.

A gate without one gets deleted at three in the morning. The glass is an object in the stack's configuration,
`pave:breakGlass`: which incident, why, who, and until when. Every run says that it is broken, and a stack's
output keeps what it passed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from policies.decision import Finding
from policies.rule import Rule
from policies.waivers import RULES as WAIVER_RULES

KEY = "breakGlass"
"""The name in a stack's configuration, below `pave`."""

RELIABILITY = "reliability"
"""Of somebody's word that a change is for reliability: an object like a broken glass, that only lets it pass
a spent error budget."""

LONGEST_DAYS = 3
"""From Friday night to Monday."""


class Glass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A broken glass that is in force: the incident, the reason, the person who broke it, and its last day in
    UTC."""

    incident: str
    reason: str
    person: str
    expires: date

    def __str__(self) -> str:
        return f"{self.incident}, {self.reason}, by {self.person}, to {self.expires}"


class NotInForce(Exception):
    """A broken glass in the configuration that is invalid or has ended: a clause that says why."""


def read_glass(found: Any, today: date) -> Glass | None:
    """The broken glass of a stack, None when `found` is None.

    `found` is the value of `pave:breakGlass`. Raises NotInForce for one that is incomplete, has ended, or
    ends more than `LONGEST_DAYS` days after today."""
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise NotInForce("it isn't an object with `incident`, `reason`, `person` and `expires`")
    # `pulumi config set` writes `4711` as a number.
    plain = {name: str(value) if isinstance(value, int) else value for name, value in found.items()}
    try:
        glass = msgspec.convert(plain, Glass)
    except msgspec.ValidationError as error:
        raise NotInForce(f"it isn't whole: {error}") from error
    for name in ("incident", "reason", "person"):
        if not getattr(glass, name).strip():
            raise NotInForce(f"its `{name}` is empty")
    if glass.expires < today:
        raise NotInForce(f"it ended on {glass.expires}")
    if glass.expires > today + timedelta(days=LONGEST_DAYS):
        last = today + timedelta(days=LONGEST_DAYS)
        raise NotInForce(f"it ends on {glass.expires}; {last} is the latest, {LONGEST_DAYS} days from now")
    return glass


def can_be_waived(finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether the rule of a finding may be waived."""
    rule = rules.get(finding.rule) or WAIVER_RULES.get(finding.rule)
    return rule is not None and rule.waivable


def passes(glass: Glass | None, finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether a blocking finding is let through by a broken glass; False when there is none."""
    return glass is not None and can_be_waived(finding, rules)


def how_to(stack: str, today: date) -> str:
    """The command that breaks the glass of a stack until the day after today."""
    fields = ("incident=…", "reason=…", "person=…", f"expires={today + timedelta(days=1)}")
    said = " ".join(f"--plaintext pave:{KEY}.{field}" for field in fields)
    return f"pulumi config set-all --stack {stack} --path {said}"
