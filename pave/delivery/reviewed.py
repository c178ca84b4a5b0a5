"""What a reviewed plan shows, looked at once more before it is applied."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pave.delivery.engine.target import AskedCloud
from pave.delivery.preview import JudgedStack, StackPreview, basis, preview_stack
from pave.reviewing.guards import NO_WORD, UpdateOptions
from pave.reviewing.saved_plan import (
    ReviewedPlan,
    check_age,
    check_basis,
    check_changes,
    check_made_for,
)


def preview_again(
    judged: JudgedStack,
    cloud: AskedCloud,
    plan: ReviewedPlan,
    longest: timedelta,
    say: Callable[[str], None],
    *,
    words: UpdateOptions = NO_WORD,
) -> StackPreview:
    """The preview of a judged stack, as `preview_stack` gives it, when it is what the plan shows.

    A plan may be as old as `longest`. Raises Refused for one of another stack or cloud, Stale for one that
    doesn't hold any more, and what `preview_stack` does."""
    check_made_for(plan, str(judged.name), cloud.name)
    check_age(plan, datetime.now(UTC), longest)
    seen = preview_stack(judged, cloud, say, refresh=plan.refresh, words=words)
    check_basis(plan, basis(judged, seen.opened))
    check_changes(plan, seen.changes.found)
    return seen
