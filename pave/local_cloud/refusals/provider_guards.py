"""The provider's own guard against deletion, `deletionProtection`."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.cluster import CLUSTER
from stacks.providers.compute import MACHINE
from stacks.providers.data import HOLDER, REDIS, SQL_INSTANCE
from stacks.providers.table import TYPES

DEFAULTS = {SQL_INSTANCE: True, CLUSTER: True, REDIS: True, MACHINE: False, HOLDER: False}
"""What the provider takes when it isn't given; the source of each type's row says so."""


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A guarded resource isn't deleted."""
    if asked.after is not None or asked.before is None or asked.token not in DEFAULTS:
        return
    if asked.before.get("deletionProtection", DEFAULTS[asked.token]):
        assert asked.held is not None
        yield ApiError(
            0,
            f"Cannot delete {asked.held.id}: its deletionProtection is true. Set it to false and update"
            " first.",
            TYPES[asked.token].source,
        )
