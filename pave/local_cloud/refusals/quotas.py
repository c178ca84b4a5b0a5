"""Quotas of Compute Engine."""

from collections.abc import Iterator

from components.design.capacity.default_quotas import GLOBAL
from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.settings import quotas
from stacks.properties import revealed
from stacks.providers.quotas import uses

PAGE = "https://cloud.google.com/compute/resource-usage"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Nothing is made or grows over a limit."""
    if asked.after is None:
        return
    before = {(use.metric, use.place): use.amount for use in uses(asked.token, asked.before or {})}
    for metric, place, amount in uses(asked.token, asked.after):
        limit = quotas(asked.settings, asked.scope, place).get(metric)
        grows = asked.before is None or amount > before.get((metric, place), 0)
        if limit is None or not grows:
            continue
        taken = sum(
            use.amount
            for held in asked.others
            if held.scope == asked.scope
            for use in uses(held.type, revealed(held.inputs))
            if (use.metric, use.place) == (metric, place)
        )
        if taken + amount > limit:
            where = "globally" if place == GLOBAL else f"in region {place}"
            yield ApiError(
                403, f"Quota '{metric}' exceeded. Limit: {limit:.1f} {where}., quotaExceeded", PAGE
            )
