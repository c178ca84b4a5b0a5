"""What resources take of a project's quotas in Compute Engine.

Google's default for a quota depends on the project's age and its billing account, and nobody publishes it:
the limits are the project's (`gcloud compute project-info describe`, `gcloud compute regions describe`)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.document import Json
from stacks.providers.compute import SECURITY_POLICY

METRICS = "https://cloud.google.com/compute/docs/reference/rest/v1/projects"
"""The names of the metrics: `quotas[].metric`."""

ADDRESS = "gcp:compute/address:Address"
NODE_POOL = "gcp:container/nodePool:NodePool"

GLOBAL = "global"

_ONE_EACH = {
    "gcp:compute/firewall:Firewall": "FIREWALLS",
    "gcp:compute/globalAddress:GlobalAddress": "STATIC_ADDRESSES",
    "gcp:compute/healthCheck:HealthCheck": "HEALTH_CHECKS",
    "gcp:compute/network:Network": "NETWORKS",
    "gcp:compute/router:Router": "ROUTERS",
    SECURITY_POLICY: "SECURITY_POLICIES",
    "gcp:compute/subnetwork:Subnetwork": "SUBNETWORKS",
    "gcp:compute/targetHttpProxy:TargetHttpProxy": "TARGET_HTTP_PROXIES",
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": "TARGET_HTTPS_PROXIES",
    "gcp:compute/uRLMap:URLMap": "URL_MAPS",
}
"""Metrics of the whole project, of which a resource takes one."""

SOLID_STATE = {"pd-balanced", "pd-ssd"}
"""Types of disks that SSD_TOTAL_GB counts: https://cloud.google.com/compute/resource-usage#disk_quota."""


class Use(NamedTuple):
    """So much of a `metric`, in a region or `GLOBAL`."""

    metric: str
    place: str
    amount: float


def uses(token: str, inputs: Json) -> Iterator[Use]:
    """What a resource takes when it is made. `inputs` are known and have no marks of secrets."""
    if token in _ONE_EACH and not (token.endswith("Address") and inputs.get("addressType") == "INTERNAL"):
        yield Use(_ONE_EACH[token], GLOBAL, 1)
    if token == ADDRESS and inputs.get("addressType", "EXTERNAL") == "EXTERNAL":
        yield Use("STATIC_ADDRESSES", str(inputs.get("region", "")), 1)
    if token == SECURITY_POLICY:
        expressions = [rule for rule in inputs.get("rules", []) if rule.get("match", {}).get("expr")]
        yield Use("SECURITY_POLICY_CEVAL_RULES", GLOBAL, len(expressions))
    if token == NODE_POOL:
        yield from _nodes(inputs)


def _nodes(inputs: Json) -> Iterator[Use]:
    """A pool's first nodes. In a region, `initialNodeCount` is for each zone; E2 and N1 count as CPUS, the
    other families have metrics of their own."""
    config, zones = inputs.get("nodeConfig", {}), inputs.get("nodeLocations", [])
    nodes = inputs.get("initialNodeCount", 1) * max(len(zones), 1)
    region = str(inputs.get("location", ""))
    if config.get("diskType") in SOLID_STATE:
        yield Use("SSD_TOTAL_GB", region, nodes * config.get("diskSizeGb", 100))
    processors = re.fullmatch(r"(?:e2|n1)-[a-z]+-(\d+)", config.get("machineType", ""))
    if processors:
        yield Use("CPUS", region, nodes * int(processors[1]))
