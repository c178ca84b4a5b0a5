"""Compute Engine: machines, and what uses what."""

from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.store import StoredResource
from stacks.providers.compute import MACHINE
from stacks.providers.row import DOCS, GOOGLE

IN_USE = f"{DOCS}compute_backend_service.html.markdown"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A running machine isn't changed in some ways, and nothing is deleted that another uses."""
    if asked.token == MACHINE and asked.before is not None and asked.after is not None:
        yield from _needs_a_stop(asked.before, asked.after)
    if asked.token.startswith("gcp:compute/") and asked.after is None and asked.held is not None:
        held = asked.held
        users = [
            each.id for each in asked.others if each.type.startswith("gcp:") and _uses(each.inputs, held)
        ]
        if users:
            yield ApiError(
                400,
                f"The resource {held.id} is already being used by {users[0]}:"
                " resourceInUseByAnotherResource.",
                IN_USE,
            )


def _needs_a_stop(before: Json, after: Json) -> Iterator[ApiError]:
    if after.get("allowStoppingForUpdate"):
        return
    for name in ("machineType", "minCpuPlatform", "serviceAccount"):
        if before.get(name) != after.get(name):
            yield ApiError(
                0,
                f"Changing the {name} on a running instance requires stopping it. To acknowledge this, "
                "set allowStoppingForUpdate to true.",
                f"{GOOGLE}google/services/compute/resource_compute_instance.go",
            )


def _uses(value: object, held: StoredResource) -> bool:
    if isinstance(value, dict):
        return any(_uses(item, held) for item in value.values())
    if isinstance(value, list):
        return any(_uses(item, held) for item in value)
    return isinstance(value, str) and value in {held.id, held.outputs.get("selfLink")}
