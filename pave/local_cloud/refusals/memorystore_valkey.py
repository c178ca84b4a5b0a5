"""Memorystore for Valkey."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.properties import revealed
from stacks.providers.compute import CONNECTION_POLICY
from stacks.providers.data import VALKEY
from stacks.providers.row import DOCS

VERSIONS = {"VALKEY_7_2", "VALKEY_8_0", "VALKEY_9_0"}
SUPPORTED = "https://cloud.google.com/memorystore/docs/valkey/supported-versions"
NETWORKING = "https://cloud.google.com/memorystore/docs/valkey/networking"
MODES = "https://cloud.google.com/memorystore/docs/valkey/cluster-mode-enabled-and-disabled"
PAGE = f"{DOCS}memorystore_instance.html.markdown"
CLASS = "gcp-memorystore"
MOST_REPLICAS = 5


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Versions that there aren't, several shards without cluster mode, a zone that isn't said, and a network
    in which no policy lets it have an endpoint."""
    if asked.token != VALKEY or asked.after is None:
        return
    inputs = asked.after
    version = inputs.get("engineVersion")
    if version is not None and version not in VERSIONS:
        yield ApiError(400, f"Engine version '{version}' is not supported.", SUPPORTED)
    if inputs.get("mode") == "CLUSTER_DISABLED" and inputs["shardCount"] != 1:
        yield ApiError(400, "An instance with cluster mode disabled has one shard.", MODES)
    if not 0 <= inputs.get("replicaCount", 0) <= MOST_REPLICAS:
        yield ApiError(400, f"replicaCount must be 0 to {MOST_REPLICAS}.", PAGE)
    zones = inputs.get("zoneDistributionConfig", {})
    if (zones.get("mode") == "SINGLE_ZONE") != bool(zones.get("zone")):
        yield ApiError(400, "A zone is said for SINGLE_ZONE, and for nothing else.", PAGE)
    policies = [
        revealed(each.inputs)
        for each in asked.others
        if (each.type, each.scope) == (CONNECTION_POLICY, asked.scope)
    ]
    for endpoint in inputs.get("desiredAutoCreatedEndpoints", ()):
        if not any(
            (each["serviceClass"], each["location"], each["network"])
            == (CLASS, inputs["location"], endpoint["network"])
            for each in policies
        ):
            what = f"{endpoint['network']} has no service connection policy for {CLASS} there."
            yield ApiError(400, what, NETWORKING)
