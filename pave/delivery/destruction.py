"""From an opened stack to a preview of its destruction, and the guards' refusals."""

from collections.abc import Collection
from typing import NamedTuple

from catalog.kinds.environment import Environment
from pave.delivery.engine.previews import preview_destroy
from pave.delivery.engine.stack import OpenedStack
from pave.reviewing.changes import Changes, ResourceChange
from pave.reviewing.guards import DestroyOptions, Refusal, destroy_refusals


class DestroyPreview(NamedTuple):
    """What would go with a stack, and the guards' refusals of that. `kept` are the protected resources that
    stay, with what they stand on."""

    changes: Changes
    refusals: list[Refusal]
    kept: list[ResourceChange]


def preview_destruction(opened: OpenedStack, there: Collection[str], words: DestroyOptions) -> DestroyPreview:
    """Previews the destruction of a stack, with the options in `words`. `there` are the names of all stacks
    of the back end that have resources. Raises EngineFailed when the engine can't preview."""
    name = opened.name
    environment = opened.catalog.find(Environment, name.environment)
    standing = [each for each in sorted(there) if _stands_in(each) == name.environment]
    lost = preview_destroy(opened, keep_protected=False)
    refusals = destroy_refusals(
        name,
        lost.found,
        standing if name.is_foundation else [],
        words,
        is_protected=environment is None or environment.spec.protected,
    )
    kept = [] if refusals else [change for change in lost.found if change.protected]
    return DestroyPreview(preview_destroy(opened, keep_protected=True) if kept else lost, refusals, kept)


def _stands_in(stack: str) -> str | None:
    """The environment on whose foundation a stack stands, by its name; None for a foundation."""
    match stack.split("."):
        case ["unit" | "global", environment] | ["service", _, environment, *_]:
            return environment
    return None
