"""What the local cloud serves: a row for each type of Google Cloud that a component registers.

What is required, what replaces and what an id looks like is Google's Terraform provider's, which is what
`pulumi-gcp` runs: `ForceNew` and `Required` of the file that `source` names, as of August 2026. A dotted name
is a field of an object, whether that stands in a list or not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/main/"
MEMBER = "google/tpgiamresource/resource_iam_member.go"


class Kind(NamedTuple):
    """A type. `id` is filled with inputs and with the provider's project and region, which are escaped as
    in a query if it `is_escaped`.

    `needs` says which input names a resource of which type that has to be there first. `minutes` is about
    how long creating, changing or deleting one takes: figures for demonstrations, nobody promises them."""

    source: str
    id: str
    required: tuple[str, ...]
    immutable: tuple[str, ...]
    needs: Mapping[str, str] = {}
    minutes: float = 0.0
    is_escaped: bool = False

    @property
    def url(self) -> str:
        """Where the provider says all this."""
        return PROVIDER + self.source


def _compute(name: str, where: str, required: str, immutable: str, **rest: Any) -> Kind:
    return Kind(
        f"google/services/compute/resource_compute_{name}.go",
        f"projects/{{project}}/{where}/{{name}}",
        ("name", *required.split()),
        ("name", "project", *immutable.split()),
        **rest,
    )


def _certificate(name: str, where: str, required: str, immutable: str) -> Kind:
    return Kind(
        f"google/services/certificatemanager/resource_certificate_manager_{name}.go",
        f"projects/{{project}}/locations/global/{where}/{{name}}",
        ("name", *required.split()),
        ("name", "project", *immutable.split()),
    )


def _member(of: str, prefix: str = "") -> Kind:
    """Nothing of a grant can be changed, so its id is all of it."""
    fields = (of, "role", "member")
    return Kind(MEMBER, f"{prefix}{{{of}}}/{{role}}/{{member}}", fields, (*fields, "condition"))


KINDS: dict[str, Kind] = {
    "gcp:binaryauthorization/policy:Policy": Kind(
        "google/services/binaryauthorization/resource_binary_authorization_policy.go",
        "projects/{project}",
        ("defaultAdmissionRule",),
        ("project",),
    ),
    "gcp:certificatemanager/certificate:Certificate": _certificate(
        "certificate", "certificates", "", "location managed.dnsAuthorizations managed.domains scope"
    ),
    "gcp:certificatemanager/certificateMap:CertificateMap": _certificate(
        "certificate_map", "certificateMaps", "", ""
    ),
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": Kind(
        "google/services/certificatemanager/resource_certificate_manager_certificate_map_entry.go",
        "projects/{project}/locations/global/certificateMaps/{map}/certificateMapEntries/{name}",
        ("name", "map", "certificates"),
        ("name", "project", "map", "hostname", "matcher"),
        needs={"map": "gcp:certificatemanager/certificateMap:CertificateMap"},
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": _certificate(
        "dns_authorization", "dnsAuthorizations", "domain", "domain location type"
    ),
    "gcp:compute/address:Address": _compute(
        "address",
        "regions/{region}/addresses",
        "",
        "address addressType description ipVersion network networkTier prefixLength purpose region"
        " subnetwork",
    ),
    "gcp:compute/backendService:BackendService": _compute(
        "backend_service", "global/backendServices", "", ""
    ),
    "gcp:compute/firewall:Firewall": _compute("firewall", "global/firewalls", "network", "direction"),
    "gcp:compute/globalAddress:GlobalAddress": _compute(
        "global_address",
        "global/addresses",
        "",
        "address addressType description ipVersion network prefixLength purpose",
    ),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": _compute(
        "global_forwarding_rule",
        "global/forwardingRules",
        "target",
        "ipAddress ipProtocol description ipVersion network networkTier portRange subnetwork",
    ),
    "gcp:compute/healthCheck:HealthCheck": _compute("health_check", "global/healthChecks", "", ""),
    "gcp:compute/instance:Instance": _compute(
        "instance",
        "zones/{zone}/instances",
        "machineType bootDisk networkInterfaces",
        "zone bootDisk.initializeParams.image bootDisk.initializeParams.type networkInterfaces.network",
        minutes=1,
    ),
    "gcp:compute/instanceGroup:InstanceGroup": _compute(
        "instance_group", "zones/{zone}/instanceGroups", "", "zone network description"
    ),
    "gcp:compute/network:Network": _compute(
        "network", "global/networks", "", "autoCreateSubnetworks description"
    ),
    "gcp:compute/router:Router": _compute("router", "regions/{region}/routers", "network", "network region"),
    "gcp:compute/routerNat:RouterNat": Kind(
        "google/services/compute/resource_compute_router_nat.go",
        "{project}/{region}/{router}/{name}",
        ("name", "router", "sourceSubnetworkIpRangesToNat"),
        ("name", "project", "router", "region", "type", "endpointTypes"),
        needs={"router": "gcp:compute/router:Router"},
    ),
    "gcp:compute/sSLPolicy:SSLPolicy": _compute("ssl_policy", "global/sslPolicies", "", "description"),
    "gcp:compute/securityPolicy:SecurityPolicy": _compute(
        "security_policy", "global/securityPolicies", "", "type"
    ),
    "gcp:compute/subnetwork:Subnetwork": _compute(
        "subnetwork",
        "regions/{region}/subnetworks",
        "network",
        "network region description reservedInternalRange",
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
    "gcp:container/cluster:Cluster": Kind(
        "google/services/container/resource_container_cluster.go",
        "projects/{project}/locations/{location}/clusters/{name}",
        (),
        (
            *("name", "project", "location", "network", "subnetwork", "networkingMode", "ipAllocationPolicy"),
            *("privateClusterConfig.masterIpv4CidrBlock", "privateClusterConfig.privateEndpointSubnetwork"),
            *("datapathProvider", "initialNodeCount", "defaultMaxPodsPerNode", "description"),
            *("enableAutopilot", "nodeConfig.serviceAccount", "nodeConfig.oauthScopes"),
        ),
        minutes=7,
    ),
    "gcp:container/nodePool:NodePool": Kind(
        "google/services/container/resource_container_node_pool.go",
        "projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}",
        ("cluster",),
        (
            *("name", "project", "cluster", "location", "initialNodeCount", "maxPodsPerNode"),
            *("placementPolicy", "nodeConfig.serviceAccount", "nodeConfig.oauthScopes"),
            *("nodeConfig.metadata", "nodeConfig.shieldedInstanceConfig", "nodeConfig.preemptible"),
            *("nodeConfig.spot", "nodeConfig.minCpuPlatform", "networkConfig.podRange"),
        ),
        needs={"cluster": "gcp:container/cluster:Cluster"},
        minutes=2,
    ),
    "gcp:dns/managedZone:ManagedZone": Kind(
        "google/services/dns/resource_dns_managed_zone.go",
        "projects/{project}/managedZones/{name}",
        ("name", "dnsName"),
        ("name", "project", "dnsName", "visibility"),
    ),
    "gcp:dns/recordSet:RecordSet": Kind(
        "google/services/dns/resource_dns_record_set.go",
        "projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}",
        ("name", "managedZone", "type"),
        ("name", "project", "managedZone"),
        needs={"managedZone": "gcp:dns/managedZone:ManagedZone"},
    ),
    "gcp:logging/projectSink:ProjectSink": Kind(
        "google/services/logging/resource_logging_project_sink.go",
        "projects/{project}/sinks/{name}",
        ("destination",),
        ("name", "project", "uniqueWriterIdentity"),
    ),
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": Kind(
        "google/tpgiamresource/resource_iam_audit_config.go",
        "{project}/audit_config/{service}",
        ("project", "service", "auditLogConfigs"),
        ("project", "service"),
    ),
    "gcp:projects/iAMMember:IAMMember": _member("project"),
    "gcp:redis/instance:Instance": Kind(
        "google/services/redis/resource_redis_instance.go",
        "projects/{project}/locations/{region}/instances/{name}",
        ("memorySizeGb",),
        (
            *("name", "project", "region", "tier", "locationId", "alternativeLocationId", "connectMode"),
            *("authorizedNetwork", "reservedIpRange", "transitEncryptionMode", "customerManagedKey"),
        ),
        minutes=5,
    ),
    "gcp:secretmanager/secret:Secret": Kind(
        "google/services/secretmanager/resource_secret_manager_secret.go",
        "projects/{project}/secrets/{secretId}",
        ("secretId", "replication"),
        ("secretId", "project", "replication", "tags"),
    ),
    "gcp:secretmanager/secretIamMember:SecretIamMember": _member("secretId")._replace(
        needs={"secretId": "gcp:secretmanager/secret:Secret"}
    ),
    "gcp:serviceaccount/account:Account": Kind(
        "google/services/resourcemanager/resource_google_service_account.go",
        "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
        ("accountId",),
        ("accountId", "project"),
    ),
    "gcp:serviceaccount/iAMMember:IAMMember": _member("serviceAccountId"),
    "gcp:servicenetworking/connection:Connection": Kind(
        "google/services/servicenetworking/resource_service_networking_connection.go",
        "{network}:{service}",
        ("network", "service", "reservedPeeringRanges"),
        ("network", "service"),
        minutes=1,
        is_escaped=True,
    ),
    "gcp:sql/database:Database": Kind(
        "google/services/sql/resource_sql_database.go",
        "projects/{project}/instances/{instance}/databases/{name}",
        ("instance",),
        ("name", "project", "instance"),
        needs={"instance": "gcp:sql/databaseInstance:DatabaseInstance"},
    ),
    "gcp:sql/databaseInstance:DatabaseInstance": Kind(
        "google/services/sql/resource_sql_database_instance.go",
        "{name}",
        ("databaseVersion",),
        ("name", "project", "region", "settings.collation", "encryptionKeyName"),
        minutes=10,
    ),
    "gcp:sql/user:User": Kind(
        "google/services/sql/resource_sql_user.go",
        "{name}//{instance}",
        ("instance",),
        ("name", "project", "instance", "host", "type"),
        needs={"instance": "gcp:sql/databaseInstance:DatabaseInstance"},
    ),
    "gcp:storage/bucket:Bucket": Kind(
        "google/services/storage/resource_storage_bucket.go",
        "{name}",
        ("location",),
        ("name", "project", "location", "enableObjectRetention", "hierarchicalNamespace.enabled"),
    ),
    "gcp:storage/bucketIAMMember:BucketIAMMember": _member("bucket", "b/")._replace(
        needs={"bucket": "gcp:storage/bucket:Bucket"}
    ),
}
"""By type token. `tests/engine` proves that it has every type that a shipped stack registers."""
