"""What resources take of a project's quotas in Compute Engine.

The limits are the project's (`gcloud compute project-info describe`, `gcloud compute regions describe`)."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from components.design.capacity.default_quotas import GLOBAL
from components.design.capacity.quotas import Use, processor_uses
from stacks.providers.compute import ENDPOINT_GROUP, MACHINE, SECURITY_POLICY

METRICS = "https://cloud.google.com/compute/docs/reference/rest/v1/projects"
"""The names of the metrics: `quotas[].metric`."""

ADDRESS = "gcp:compute/address:Address"
GLOBAL_ADDRESS = "gcp:compute/globalAddress:GlobalAddress"
NODE_POOL = "gcp:container/nodePool:NodePool"

_ONE_EACH = {
    "gcp:compute/firewall:Firewall": "FIREWALLS",
    GLOBAL_ADDRESS: "STATIC_ADDRESSES",
    "gcp:compute/healthCheck:HealthCheck": "HEALTH_CHECKS",
    "gcp:compute/network:Network": "NETWORKS",
    ENDPOINT_GROUP: "NETWORK_ENDPOINT_GROUPS",
    "gcp:compute/router:Router": "ROUTERS",
    "gcp:compute/sSLPolicy:SSLPolicy": "SSL_POLICIES",
    SECURITY_POLICY: "SECURITY_POLICIES",
    "gcp:compute/subnetwork:Subnetwork": "SUBNETWORKS",
    "gcp:compute/targetHttpProxy:TargetHttpProxy": "TARGET_HTTP_PROXIES",
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": "TARGET_HTTPS_PROXIES",
    "gcp:compute/uRLMap:URLMap": "URL_MAPS",
}
"""Metrics of the whole project, of which a resource takes one."""

_BY_SCHEME = {
    "gcp:compute/backendService:BackendService": "GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES",
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": "GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES",
}
"""The same, of the load balancers that are EXTERNAL_MANAGED: https://cloud.google.com/load-balancing/docs/quotas."""

SOLID_STATE = {"pd-balanced", "pd-ssd"}
"""Types of disks that SSD_TOTAL_GB counts: https://cloud.google.com/compute/resource-usage#disk_quota."""


def uses(token: str, inputs: Json) -> Iterator[Use]:
    """What a resource takes when it is made. `inputs` are known and have no marks of secrets."""
    is_internal = inputs.get("addressType") == "INTERNAL"
    if token in _ONE_EACH and not (token == GLOBAL_ADDRESS and is_internal):
        yield Use(_ONE_EACH[token], GLOBAL, 1)
    if token in _BY_SCHEME and inputs.get("loadBalancingScheme") == "EXTERNAL_MANAGED":
        yield Use(_BY_SCHEME[token], GLOBAL, 1)
    if token == ADDRESS and not is_internal:
        for metric in ("IN_USE_ADDRESSES", "STATIC_ADDRESSES"):
            yield Use(metric, str(inputs.get("region", "")), 1)
    if token == SECURITY_POLICY:
        rules = inputs.get("rules", [])
        expressions = [rule for rule in rules if rule.get("match", {}).get("expr")]
        yield Use("SECURITY_POLICY_RULES", GLOBAL, len(rules))
        yield Use("SECURITY_POLICY_CEVAL_RULES", GLOBAL, len(expressions))
    if token == MACHINE:
        region = str(inputs.get("zone", "")).rpartition("-")[0]
        yield from processor_uses(str(inputs.get("machineType", "")), region, 1)
    if token == NODE_POOL:
        yield from _nodes(inputs)


def _nodes(inputs: Json) -> Iterator[Use]:
    """A pool's first nodes. In a region, `initialNodeCount` is for each zone."""
    config: Json = inputs.get("nodeConfig", {})
    zones: list[Any] = inputs.get("nodeLocations", [])
    nodes = inputs.get("initialNodeCount", 1) * max(len(zones), 1)
    region = str(inputs.get("location", ""))
    if config.get("diskType") in SOLID_STATE:
        yield Use("SSD_TOTAL_GB", region, nodes * config.get("diskSizeGb", 100))
    yield from processor_uses(str(config.get("machineType", "")), region, nodes)
