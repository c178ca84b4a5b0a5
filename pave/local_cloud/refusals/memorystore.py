"""Memorystore for Redis."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.data import REDIS
from stacks.providers.row import DOCS

PAGE = f"{DOCS}redis_instance.html.markdown"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A second zone is only for those that have a replica, and is another than the first."""
    if asked.token != REDIS or asked.after is None:
        return
    inputs = asked.after
    other = inputs.get("alternativeLocationId")
    if other is None:
        return
    if inputs.get("tier", "BASIC") != "STANDARD_HA":
        yield ApiError(400, "alternativeLocationId is only for the tier STANDARD_HA.", PAGE)
    if other == inputs.get("locationId"):
        yield ApiError(400, f"alternativeLocationId must differ from locationId, {other}.", PAGE)
