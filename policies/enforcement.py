"""The one table of what blocks.

A finding blocks if its severity is error, its rule's level is at most the target level of the service, and
it is not undecided. All else is a next step.
"""

from typing import Literal

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


def is_blocking(severity: str, level: int, status: Status, target: int) -> bool:
    """Whether a finding stops an apply."""
    return severity == "error" and level <= target and status == "failed"
