"""Memorystore for Redis."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.data import REDIS
from stacks.providers.row import DOCS

VERSIONS = {"REDIS_3_2", "REDIS_4_0", "REDIS_5_0", "REDIS_6_X", "REDIS_7_0", "REDIS_7_2"}
SUPPORTED = "https://cloud.google.com/memorystore/docs/redis/supported-versions"
PAGE = f"{DOCS}redis_instance.html.markdown"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Versions that there aren't. A second zone is only for those that have a replica, and is another than
    the first."""
    if asked.token != REDIS or asked.after is None:
        return
    inputs = asked.after
    version = inputs.get("redisVersion")
    if version is not None and version not in VERSIONS:
        yield ApiError(400, f"Redis version '{version}' is not supported.", SUPPORTED)
    other = inputs.get("alternativeLocationId")
    if other is None:
        return
    if inputs.get("tier", "BASIC") != "STANDARD_HA":
        yield ApiError(400, "alternativeLocationId is only for the tier STANDARD_HA.", PAGE)
    if other == inputs.get("locationId"):
        yield ApiError(400, f"alternativeLocationId must differ from locationId, {other}.", PAGE)
