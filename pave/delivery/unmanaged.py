"""Resources that no stack manages: somebody made them by hand, or a stack has left them behind."""

from collections.abc import Collection, Iterable

import msgspec

from pave.delivery.engine.target import Target
from pave.local_cloud.store import StoredResource
from stacks.backend import folder_of, state
from stacks.providers.data import HOLDER, VERSION
from stacks.providers.table import is_forever


class Unmanaged(msgspec.Struct, frozen=True, rename="camel"):
    """A resource of the cloud that is in no stack's state. `id` is the cloud's."""

    type: str
    id: str


def unmanaged(target: Target, there: Iterable[str]) -> list[Unmanaged] | None:
    """The resources of a cloud that none of its stacks, whose names are `there`, manages, and that could be
    deleted; None when that can't be told.

    The local cloud lists what it has. Google's takes Cloud Asset Inventory, over whole projects and with
    rights that a deployer hasn't (https://docs.cloud.google.com/asset-inventory/docs/overview)."""
    folder = folder_of(target.backend)
    if target.state is None or folder is None:
        return None
    from pave.local_cloud.inspection import store_in

    managed: set[tuple[str, str]] = set()
    for name in there:
        found = state(folder, name)
        if found is None:
            return None
        managed |= {(each["type"], each.get("id", "")) for each in found.get("resources") or []}
    held = store_in(target.state).resources()
    return [
        Unmanaged(each.type, each.id)
        for each in held
        if (each.type, each.id) not in managed
        and not is_forever(each.type)
        and not _is_set_by_people(each, managed)
    ]


def _is_set_by_people(held: StoredResource, managed: Collection[tuple[str, str]]) -> bool:
    """Whether it is the value of a secret whose holder a stack manages: people add those, on purpose."""
    return held.type == VERSION and (HOLDER, held.id.partition("/versions/")[0]) in managed
