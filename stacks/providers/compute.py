"""Types of Compute Engine, and the private connection to Google's own network."""

import ipaddress
from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from stacks.properties import is_unknown
from stacks.providers.row import GOOGLE, ResourceType

ENDPOINT_GROUP = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup"
BACKEND_SERVICE = "gcp:compute/backendService:BackendService"
GLOBAL_ADDRESS = "gcp:compute/globalAddress:GlobalAddress"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
MACHINE = "gcp:compute/instance:Instance"
SECURITY_POLICY = "gcp:compute/securityPolicy:SecurityPolicy"

_STANDS_ON_IT = "all that stands on it, which has to be made anew with it"


def _compute(name: str, where: str, required: str, immutable: str, **rest: Any) -> ResourceType:
    """The row of `resource_compute_<name>.go`; the names of inputs are separated by blanks."""
    return ResourceType(
        f"{GOOGLE}google/services/compute/resource_compute_{name}.go",
        f"projects/{{project}}/{where}/{{name}}",
        ("name", *required.split()),
        ("name", "project", *immutable.split()),
        **rest,
    )


def _shrinks(old: Json, new: Json) -> Iterator[str]:
    """`IsShrinkageIpCidr` of `resource_compute_subnetwork.go`."""
    before, after = old["ipCidrRange"], new["ipCidrRange"]
    if is_unknown(after) or not ipaddress.IPv4Network(before).subnet_of(ipaddress.IPv4Network(after)):
        yield "ipCidrRange"


CONNECTION_POLICY = "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy"

COMPUTE: dict[str, ResourceType] = {
    "gcp:compute/address:Address": _compute(
        "address",
        "regions/{region}/addresses",
        "",
        "address addressType description ipVersion network networkTier prefixLength purpose region"
        " subnetwork",
        identity="its address, which vendors allow-list and names lead to",
    ),
    BACKEND_SERVICE: _compute("backend_service", "global/backendServices", "", ""),
    "gcp:compute/firewall:Firewall": _compute("firewall", "global/firewalls", "network", "direction"),
    GLOBAL_ADDRESS: _compute(
        "global_address",
        "global/addresses",
        "",
        "address addressType description ipVersion network prefixLength purpose",
        identity="its address, which names lead to, or its range, in which the managed stores are",
    ),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": _compute(
        "global_forwarding_rule",
        "global/forwardingRules",
        "target",
        "ipAddress ipProtocol description ipVersion network networkTier portRange subnetwork",
    ),
    "gcp:compute/healthCheck:HealthCheck": _compute("health_check", "global/healthChecks", "", ""),
    MACHINE: _compute(
        "instance",
        "zones/{zone}/instances",
        "machineType bootDisk networkInterfaces",
        "zone bootDisk.initializeParams.image bootDisk.initializeParams.type networkInterfaces.network",
        minutes=1,
        data="what is on its boot disk: a legacy machine has its stores there",
    ),
    "gcp:compute/instanceGroup:InstanceGroup": _compute(
        "instance_group", "zones/{zone}/instanceGroups", "", "zone network description"
    ),
    "gcp:compute/network:Network": _compute(
        "network",
        "global/networks",
        "",
        "autoCreateSubnetworks description",
        identity=_STANDS_ON_IT,
    ),
    ENDPOINT_GROUP: _compute(
        "network_endpoint_group",
        "zones/{zone}/networkEndpointGroups",
        "network",
        "defaultPort description network networkEndpointType subnetwork zone",
    ),
    "gcp:compute/router:Router": _compute("router", "regions/{region}/routers", "network", "network region"),
    "gcp:compute/routerNat:RouterNat": ResourceType(
        f"{GOOGLE}google/services/compute/resource_compute_router_nat.go",
        "{project}/{region}/{router}/{name}",
        ("name", "router", "sourceSubnetworkIpRangesToNat"),
        ("name", "project", "router", "region", "type", "endpointTypes"),
        needs={"router": "gcp:compute/router:Router"},
    ),
    "gcp:compute/sSLPolicy:SSLPolicy": _compute("ssl_policy", "global/sslPolicies", "", "description"),
    SECURITY_POLICY: _compute("security_policy", "global/securityPolicies", "", "type"),
    SUBNET: _compute(
        "subnetwork",
        "regions/{region}/subnetworks",
        "network",
        "network region description reservedInternalRange",
        replaced_when=_shrinks,
        identity=_STANDS_ON_IT,
    ),
    "gcp:compute/targetHttpProxy:TargetHttpProxy": _compute(
        "target_http_proxy",
        "global/targetHttpProxies",
        "urlMap",
        "description httpKeepAliveTimeoutSec proxyBind",
    ),
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": _compute(
        "target_https_proxy",
        "global/targetHttpsProxies",
        "urlMap",
        "description httpKeepAliveTimeoutSec proxyBind tlsEarlyData",
    ),
    "gcp:compute/uRLMap:URLMap": _compute("url_map", "global/urlMaps", "", ""),
    CONNECTION_POLICY: ResourceType(
        f"{GOOGLE}google/services/networkconnectivity/resource_network_connectivity_service_connection_policy.go",
        "projects/{project}/locations/{location}/serviceConnectionPolicies/{name}",
        ("location", "network", "serviceClass"),
        ("name", "project", "location", "network", "serviceClass"),
        minutes=1,
        identity="the way by which every Valkey gets its address",
    ),
    "gcp:servicenetworking/connection:Connection": ResourceType(
        f"{GOOGLE}google/services/servicenetworking/resource_service_networking_connection.go",
        "{network}:{service}",
        ("network", "service", "reservedPeeringRanges"),
        ("network", "service"),
        minutes=1,
        is_escaped=True,
        identity="the way to every managed store, which is cut without it",
    ),
}
