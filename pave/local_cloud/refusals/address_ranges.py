"""Address ranges of subnets, of control planes and of managed stores."""

from collections.abc import Iterator
from ipaddress import ip_network

from catalog.checks.ranges import unusable
from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.cluster import CLUSTER
from stacks.providers.compute import GLOBAL_ADDRESS, SUBNET

PAGE = "https://cloud.google.com/vpc/docs/subnets#ipv4-ranges"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A range is one that Google takes for what it is for."""
    if asked.after is None:
        return
    for field, text in _ranges(asked.token, asked.after):
        for what, _ in unusable(field, text):
            yield ApiError(400, f"Invalid IPCidrRange: {what}", PAGE)


def _ranges(token: str, inputs: Json) -> Iterator[tuple[str, str]]:
    """By the field of an environment's network."""
    if token == SUBNET:
        yield "nodes", inputs.get("ipCidrRange", "")
        for second in inputs.get("secondaryIpRanges") or ():
            yield "pods" if second["rangeName"] == "pods" else "services", second["ipCidrRange"]
    if token == CLUSTER and (block := inputs.get("privateClusterConfig", {}).get("masterIpv4CidrBlock")):
        yield "controlPlane", block
    if token == GLOBAL_ADDRESS and inputs.get("purpose") == "VPC_PEERING" and inputs.get("address"):
        yield "stores", str(ip_network(f"{inputs['address']}/{inputs['prefixLength']}", strict=False))
