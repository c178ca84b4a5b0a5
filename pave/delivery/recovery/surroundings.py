"""What the stacks of a back end manage, for a stack that is about to adopt something."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from catalog.document import Json
from pave.delivery.recovery.ownership import Around, CloudId, managed
from stacks.backend import folder_of, stack_names, state

if TYPE_CHECKING:
    from pave.delivery.engine.stack import OpenedStack


def surroundings(opened: "OpenedStack", own: Json, begun: Mapping[str, Json]) -> Around:
    """What is known around an opened stack, whose state is `own`; `begun` are the inputs, by URN, with which
    it had begun to create resources. Raises Refused when the back end doesn't say which stacks it has."""
    holders: dict[CloudId, tuple[str, str]] = {}
    unread = []
    for stack, found in _others(opened):
        if found is None:
            unread.append(stack)
        for at, urn in managed(found or {}):
            holders[at] = (stack, urn)
    for at, urn in managed(own):
        holders.setdefault(at, (str(opened.name), urn))
    return Around(str(opened.name), holders, tuple(unread), begun)


def _others(opened: "OpenedStack") -> Iterator[tuple[str, Json | None]]:
    """The other stacks of the back end with their states, None for one that can't be read."""
    from pulumi import automation

    folder = folder_of(opened.target.backend)
    if folder is not None:
        for stack in stack_names(folder):
            if stack != str(opened.name):
                yield stack, state(folder, stack)
        return
    workspace = opened.engine.workspace
    for summary in workspace.list_stacks():
        stack = summary.name.rpartition("/")[2]
        if stack == str(opened.name):
            continue
        try:
            yield stack, dict(workspace.export_stack(summary.name).deployment or {})
        except automation.CommandError:
            yield stack, None
