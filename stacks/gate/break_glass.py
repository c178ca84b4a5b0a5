"""Break-glass: in an incident, what can be waived passes the gate of one stack, for days and in plain sight.

A gate without one gets deleted at three in the morning. The glass is an object in the configuration of one
stack, `pave:breakGlass`: which incident, why, who, and until when.
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

LONGEST_DAYS = 3
"""From Friday night to Monday."""


class Glass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A broken glass: the incident, the reason, the person who broke it, and its last day in UTC."""

    incident: str
    reason: str
    person: str
    expires: date

    def __str__(self) -> str:
        return f"{self.incident}, {self.reason}, by {self.person}, to {self.expires}"


class NotInForce(Exception):
    """A glass that passes nothing: a clause that says why."""


def read_glass(found: Any, today: date) -> Glass | None:
    """The glass that a stack's configuration holds, None when it holds none.

    `found` is the object as it was configured. Raises NotInForce for one that isn't whole, has ended, or ends
    more than `LONGEST_DAYS` after today."""
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
    """Whether a finding's rule may be broken with permission."""
    rule = rules.get(finding.rule) or WAIVER_RULES.get(finding.rule)
    return rule is not None and rule.waivable


def passes(glass: Glass | None, finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether a glass lets a blocking finding through."""
    return glass is not None and can_be_waived(finding, rules)


def how_to(stack: str, today: date) -> str:
    """The command that breaks the glass of a stack."""
    fields = ("incident=…", "reason=…", "person=…", f"expires={today + timedelta(days=1)}")
    said = " ".join(f"--plaintext pave:{KEY}.{field}" for field in fields)
    return f"pulumi config set-all --stack {stack} --path {said}"
