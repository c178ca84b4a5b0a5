"""What of a refresh is drift: what somebody changed, and not what the cloud changes by itself. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from pave.reviewing.changes import Changes, changes, differences, dotted
from stacks.providers.table import without_cleared

if TYPE_CHECKING:
    from pulumi.automation import StepEventMetadata


def drift(steps: Iterable["StepEventMetadata"]) -> Changes:
    """The drift that the steps of a refresh show: resources that are gone, and those of which an input
    differs; `before` is the state, `after` the cloud. What is gone, and what holds data, comes first.

    Outputs alone are no drift: a status, a version that the cloud upgrades by itself. Nor is an input that
    the cloud moves by itself and the provider then leaves alone, such as the size of a disk that grows."""
    seen = list(steps)
    by_itself = {step.urn: _moved_by_itself(step) for step in seen}
    found = changes(seen, {})
    kept = []
    for change in found.found:
        properties = [each for each in change.properties if each.path not in by_itself[change.urn]]
        if change.action == "delete" or properties:
            kept.append(msgspec.structs.replace(change, properties=properties, consequences=[]))
    kept.sort(key=lambda change: (change.action != "delete", not change.stateful, change.urn))
    return found._replace(found=kept)


def _moved_by_itself(step: "StepEventMetadata") -> set[str]:
    """The inputs that differ, and that an update from the cloud back to the state would leave as they are."""
    if step.old is None or step.new is None:
        return set()
    state, cloud = dict(step.old.inputs or {}), dict(step.new.inputs or {})
    if not cloud:
        return set()
    left = without_cleared(step.type, cloud, state)
    return {dotted(path) for path, _, _ in differences(state, left)}
