"""The one table of what blocks.

A finding blocks if its severity is error, its rule binds, and it is not undecided. All else is a next step.
A rule binds if its level is at most the target level of the service, or if it guards what is at stake there:
an owner chooses tier and stage, and can't choose them away from what everybody may attack.
"""

from collections.abc import Collection
from typing import Literal

from policies.rule import Rule, Stake

Status = Literal["failed", "undecided"]

TARGET_LEVEL = {
    ("critical", "ga"): 3,
    ("critical", "beta"): 2,
    ("critical", "experiment"): 1,
    ("standard", "ga"): 2,
    ("standard", "beta"): 2,
    ("standard", "experiment"): 1,
    ("internal", "ga"): 2,
    ("internal", "beta"): 1,
    ("internal", "experiment"): 1,
}
"""Tier and stage → the maturity level whose rules bind in production."""

LEVEL_OUTSIDE_PRODUCTION = 1
FOUNDATION_LEVEL = 3
"""What every service stands on has to meet what the most critical one has to meet."""


def target_level(tier: str, stage: str, purpose: str) -> int:
    """The level up to which rules bind for a service, in an environment of that purpose."""
    wanted = TARGET_LEVEL[tier, stage]
    return wanted if purpose == "production" else min(wanted, LEVEL_OUTSIDE_PRODUCTION)


def foundation_level(purpose: str) -> int:
    """The level up to which rules bind for an environment's foundation."""
    return FOUNDATION_LEVEL if purpose == "production" else LEVEL_OUTSIDE_PRODUCTION


def floor_of(rule: Rule, target: int, stakes: Collection[Stake]) -> tuple[Stake, ...]:
    """What is at stake that makes a rule bind a service whose own target is below its level."""
    return tuple(stake for stake in rule.guards if stake in stakes) if rule.level > target else ()


def is_blocking(severity: str, level: int, status: Status, target: int, *, is_floor: bool = False) -> bool:
    """Whether a finding stops an apply."""
    return severity == "error" and (level <= target or is_floor) and status == "failed"
