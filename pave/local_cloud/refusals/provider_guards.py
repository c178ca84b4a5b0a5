"""The provider's own guards against deletion, `deletionProtection` and `deletionPolicy`."""

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
    if asked.after is not None or asked.before is None or not asked.token.startswith("gcp:"):
        return
    assert asked.held is not None
    if asked.before.get("deletionProtection", DEFAULTS.get(asked.token, False)):
        yield _guarded(asked.token, asked.held.id, "deletionProtection is true. Set it to false")
    if asked.before.get("deletionPolicy") == "PREVENT":
        yield _guarded(asked.token, asked.held.id, "deletionPolicy is PREVENT. Set it to DELETE")


def _guarded(token: str, name: str, why: str) -> ApiError:
    return ApiError(0, f"Cannot delete {name}: its {why} and update first.", TYPES[token].source)
