"""Whom a bad deploy strikes, by what the plan makes of a rollout."""

from catalog.kinds.service_defaults import RESTORE_MINUTES
from catalog.kinds.service_spec import Rollout

ROLLOUT_IS_REALISED = False
"""Whether a bad version is noticed and turned back at its first step. Until something measures it there,
steps only win time in which people may: a version that starts and answers badly goes on to everybody."""


def blast_percent(rollout: Rollout) -> float:
    """The share of users that a bad deploy strikes until it is turned back, in percent.

    Where steps are realised and turned back by themselves, it is noticed at the first of them; a fault that
    shows only later strikes more than this."""
    is_progressive = ROLLOUT_IS_REALISED and rollout.rollback == "automatic"
    return float(rollout.steps[0]) if is_progressive else 100.0


def restore_minutes(rollout: Rollout) -> float:
    """The minutes a bad deploy strikes: until somebody takes it back, where nothing does so by itself."""
    if ROLLOUT_IS_REALISED or rollout.rollback != "automatic":
        return rollout.restore_minutes
    return max(rollout.restore_minutes, float(RESTORE_MINUTES["manual"]))
