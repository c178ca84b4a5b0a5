"""What Google's provider takes for a value, by type and input, where it enumerates all that it takes.

Its pages may know fewer values than the API does, which `discovered` asks too."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Json
from stacks.properties import is_unknown
from stacks.providers.table import TYPES


class ForeignValue(NamedTuple):
    """A `value` of the input `field`, in dots, that is none of those `taken`; `source` is the URL of who says
    so."""

    field: str
    value: object
    taken: tuple[str, ...]
    source: str


_EXTERNAL_OR_INTERNAL = "EXTERNAL INTERNAL"
_SCHEMES = "EXTERNAL EXTERNAL_MANAGED INTERNAL_MANAGED INTERNAL_SELF_MANAGED"
_LIMIT_KEYS = (
    "ALL IP HTTP_HEADER XFF_IP HTTP_COOKIE HTTP_PATH SNI REGION_CODE TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT"
    " USER_IP"
)
_ALL_METADATA = "EXCLUDE_ALL_METADATA INCLUDE_ALL_METADATA"
_DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY"
_CLASSES = "STANDARD NEARLINE COLDLINE ARCHIVE MULTI_REGIONAL REGIONAL DURABLE_REDUCED_AVAILABILITY"
_DELETION = "DELETE PREVENT ABANDON"
_SHARES = "99 95 50 05"
_REDUCERS = " ".join(
    [
        *("REDUCE_NONE", "REDUCE_MEAN", "REDUCE_MIN", "REDUCE_MAX", "REDUCE_SUM", "REDUCE_STDDEV"),
        *("REDUCE_COUNT", "REDUCE_COUNT_TRUE", "REDUCE_COUNT_FALSE", "REDUCE_FRACTION_TRUE"),
        *(f"REDUCE_PERCENTILE_{share}" for share in _SHARES.split()),
    ]
)
_ALIGNERS = " ".join(
    [
        *("ALIGN_NONE", "ALIGN_DELTA", "ALIGN_RATE", "ALIGN_INTERPOLATE", "ALIGN_NEXT_OLDER", "ALIGN_MIN"),
        *("ALIGN_MAX", "ALIGN_MEAN", "ALIGN_COUNT", "ALIGN_SUM", "ALIGN_STDDEV", "ALIGN_COUNT_TRUE"),
        *("ALIGN_COUNT_FALSE", "ALIGN_FRACTION_TRUE", "ALIGN_PERCENT_CHANGE"),
        *(f"ALIGN_PERCENTILE_{share}" for share in _SHARES.split()),
    ]
)
_CONTROL_PLANE = "SYSTEM_COMPONENTS APISERVER CONTROLLER_MANAGER SCHEDULER"

_TAKEN: Mapping[str, Mapping[str, str]] = {
    "gcp:binaryauthorization/policy:Policy": {
        "defaultAdmissionRule.enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG DRYRUN_AUDIT_LOG_ONLY",
        "defaultAdmissionRule.evaluationMode": "ALWAYS_ALLOW REQUIRE_ATTESTATION ALWAYS_DENY",
        "globalPolicyEvaluationMode": "ENABLE DISABLE",
    },
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": {"type": "FIXED_RECORD PER_PROJECT_RECORD"},
    "gcp:compute/address:Address": {
        "addressType": _EXTERNAL_OR_INTERNAL,
        "networkTier": "PREMIUM STANDARD",
    },
    "gcp:compute/backendService:BackendService": {
        "backends.balancingMode": "UTILIZATION RATE CONNECTION CUSTOM_METRICS IN_FLIGHT",
        "loadBalancingScheme": _SCHEMES,
        "protocol": "HTTP HTTPS HTTP2 TCP SSL UDP GRPC UNSPECIFIED H2C",
        "sessionAffinity": "NONE CLIENT_IP CLIENT_IP_PORT_PROTO CLIENT_IP_PROTO GENERATED_COOKIE"
        " HEADER_FIELD HTTP_COOKIE STRONG_COOKIE_AFFINITY",
    },
    "gcp:compute/firewall:Firewall": {
        "direction": "INGRESS EGRESS",
        "logConfig.metadata": _ALL_METADATA,
    },
    "gcp:compute/globalAddress:GlobalAddress": {
        "addressType": _EXTERNAL_OR_INTERNAL,
        "ipVersion": "IPV4 IPV6",
        "purpose": "VPC_PEERING PRIVATE_SERVICE_CONNECT",
    },
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": {
        "ipProtocol": "TCP UDP ESP AH SCTP ICMP",
        "ipVersion": "IPV4 IPV6",
        "loadBalancingScheme": _SCHEMES,
    },
    "gcp:compute/healthCheck:HealthCheck": {
        "httpHealthCheck.portSpecification": "USE_FIXED_PORT USE_NAMED_PORT USE_SERVING_PORT",
    },
    "gcp:compute/network:Network": {"routingMode": "REGIONAL GLOBAL"},
    "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": {
        "networkEndpointType": "GCE_VM_IP GCE_VM_IP_PORT NON_GCP_PRIVATE_IP_PORT INTERNET_IP_PORT"
        " INTERNET_FQDN_PORT SERVERLESS PRIVATE_SERVICE_CONNECT GCE_VM_IP_PORTMAP",
    },
    "gcp:compute/routerNat:RouterNat": {
        "logConfig.filter": "ERRORS_ONLY TRANSLATIONS_ONLY ALL",
        "natIpAllocateOption": "MANUAL_ONLY AUTO_ONLY",
        "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"
        " ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES LIST_OF_SUBNETWORKS",
        "subnetworks.sourceIpRangesToNats": "ALL_IP_RANGES LIST_OF_SECONDARY_IP_RANGES PRIMARY_IP_RANGE",
    },
    "gcp:compute/sSLPolicy:SSLPolicy": {
        "minTlsVersion": "TLS_1_0 TLS_1_1 TLS_1_2 TLS_1_3",
        "profile": "COMPATIBLE MODERN RESTRICTED CUSTOM FIPS_202205",
    },
    "gcp:compute/securityPolicy:SecurityPolicy": {
        "adaptiveProtectionConfig.layer7DdosDefenseConfig.ruleVisibility": "STANDARD PREMIUM",
        "advancedOptionsConfig.jsonParsing": "DISABLED STANDARD STANDARD_WITH_GRAPHQL",
        "advancedOptionsConfig.logLevel": "NORMAL VERBOSE",
        "rules.match.versionedExpr": "SRC_IPS_V1",
        "rules.rateLimitOptions.enforceOnKey": _LIMIT_KEYS,
        "rules.rateLimitOptions.enforceOnKeyConfigs.enforceOnKeyType": _LIMIT_KEYS,
        "type": "CLOUD_ARMOR CLOUD_ARMOR_EDGE CLOUD_ARMOR_INTERNAL_SERVICE",
    },
    "gcp:compute/subnetwork:Subnetwork": {
        "logConfig.aggregationInterval": "INTERVAL_5_SEC INTERVAL_30_SEC INTERVAL_1_MIN INTERVAL_5_MIN"
        " INTERVAL_10_MIN INTERVAL_15_MIN",
        "logConfig.metadata": f"{_ALL_METADATA} CUSTOM_METADATA",
    },
    "gcp:container/cluster:Cluster": {
        "binaryAuthorization.evaluationMode": "DISABLED PROJECT_SINGLETON_POLICY_ENFORCE",
        "databaseEncryption.state": "ENCRYPTED DECRYPTED",
        "datapathProvider": "DATAPATH_PROVIDER_UNSPECIFIED LEGACY_DATAPATH ADVANCED_DATAPATH",
        "loggingConfig.enableComponents": f"{_CONTROL_PLANE} WORKLOADS KCP_CONNECTION KCP_SSHD KCP_HPA",
        "monitoringConfig.enableComponents": f"{_CONTROL_PLANE} STORAGE HPA POD DAEMONSET DEPLOYMENT"
        " STATEFULSET WORKLOADS KUBELET CADVISOR DCGM JOBSET",
        "networkingMode": "VPC_NATIVE ROUTES",
        "releaseChannel.channel": "UNSPECIFIED RAPID REGULAR STABLE EXTENDED",
        "securityPostureConfig.mode": "DISABLED BASIC ENTERPRISE",
    },
    "gcp:container/nodePool:NodePool": {
        "autoscaling.locationPolicy": "BALANCED ANY",
        "nodeConfig.diskType": "pd-standard pd-balanced pd-ssd hyperdisk-balanced",
        "nodeConfig.workloadMetadataConfig.mode": "MODE_UNSPECIFIED GCE_METADATA GKE_METADATA",
        "upgradeSettings.strategy": "SURGE BLUE_GREEN SHORT_LIVED",
    },
    "gcp:dns/managedZone:ManagedZone": {
        "dnssecConfig.state": "on off transfer",
        "visibility": "public private",
    },
    "gcp:dns/recordSet:RecordSet": {
        "type": "A AAAA ALIAS CAA CNAME DNSKEY DS HTTPS IPSECKEY MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA"
        " TXT",
    },
    "gcp:kms/cryptoKey:CryptoKey": {
        "purpose": "ENCRYPT_DECRYPT ASYMMETRIC_SIGN ASYMMETRIC_DECRYPT MAC RAW_ENCRYPT_DECRYPT"
        " KEY_ENCAPSULATION",
    },
    "gcp:monitoring/alertPolicy:AlertPolicy": {
        "combiner": "AND OR AND_WITH_MATCHING_RESOURCE",
        "conditions.conditionThreshold.aggregations.crossSeriesReducer": _REDUCERS,
        "conditions.conditionThreshold.aggregations.perSeriesAligner": _ALIGNERS,
        "conditions.conditionThreshold.comparison": "COMPARISON_GT COMPARISON_LT",
        "severity": "CRITICAL ERROR WARNING",
    },
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": {
        "checkerType": "STATIC_IP_CHECKERS VPC_CHECKERS",
        "httpCheck.acceptedResponseStatusCodes.statusClass": "STATUS_CLASS_1XX STATUS_CLASS_2XX"
        " STATUS_CLASS_3XX STATUS_CLASS_4XX STATUS_CLASS_5XX STATUS_CLASS_ANY",
        "httpCheck.requestMethod": "METHOD_UNSPECIFIED GET POST",
        "selectedRegions": "USA EUROPE SOUTH_AMERICA ASIA_PACIFIC USA_OREGON USA_IOWA USA_VIRGINIA",
    },
    "gcp:memorystore/instance:Instance": {
        "authorizationMode": "AUTH_DISABLED IAM_AUTH",
        "maintenancePolicy.weeklyMaintenanceWindows.day": f"DAY_OF_WEEK_UNSPECIFIED {_DAYS}",
        "mode": "CLUSTER CLUSTER_DISABLED",
        "nodeType": "SHARED_CORE_NANO CUSTOM_PICO CUSTOM_MICRO CUSTOM_MINI HIGHMEM_MEDIUM HIGHCPU_MEDIUM"
        " HIGHMEM_XLARGE STANDARD_SMALL STANDARD_LARGE HIGHMEM_2XLARGE",
        "persistenceConfig.mode": "DISABLED RDB AOF",
        "persistenceConfig.rdbConfig.rdbSnapshotPeriod": "ONE_HOUR SIX_HOURS TWELVE_HOURS TWENTY_FOUR_HOURS",
        "transitEncryptionMode": "TRANSIT_ENCRYPTION_DISABLED SERVER_AUTHENTICATION",
        "zoneDistributionConfig.mode": "MULTI_ZONE SINGLE_ZONE",
    },
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": {
        "auditLogConfigs.logType": "ADMIN_READ DATA_READ DATA_WRITE",
    },
    "gcp:pubsub/subscription:Subscription": {"deletionPolicy": _DELETION},
    "gcp:pubsub/topic:Topic": {"deletionPolicy": _DELETION},
    "gcp:redis/instance:Instance": {
        "connectMode": "DIRECT_PEERING PRIVATE_SERVICE_ACCESS",
        "maintenancePolicy.weeklyMaintenanceWindows.day": f"DAY_OF_WEEK_UNSPECIFIED {_DAYS}",
        "persistenceConfig.persistenceMode": "DISABLED RDB",
        "persistenceConfig.rdbSnapshotPeriod": "ONE_HOUR SIX_HOURS TWELVE_HOURS TWENTY_FOUR_HOURS",
        "readReplicasMode": "READ_REPLICAS_DISABLED READ_REPLICAS_ENABLED",
        "tier": "BASIC STANDARD_HA",
        "transitEncryptionMode": "SERVER_AUTHENTICATION DISABLED",
    },
    "gcp:sql/databaseInstance:DatabaseInstance": {
        "settings.activationPolicy": "ALWAYS NEVER ON_DEMAND",
        "settings.availabilityType": "REGIONAL ZONAL",
        "settings.backupConfiguration.backupRetentionSettings.retentionUnit": "COUNT",
        "settings.connectorEnforcement": "REQUIRED NOT_REQUIRED",
        "settings.diskType": "PD_SSD PD_HDD HYPERDISK_BALANCED",
        "settings.edition": "ENTERPRISE ENTERPRISE_PLUS",
        "settings.ipConfiguration.sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED ENCRYPTED_ONLY"
        " TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
        "settings.maintenanceWindow.updateTrack": "canary stable week5",
    },
    "gcp:sql/user:User": {
        "deletionPolicy": "ABANDON",
        "type": "BUILT_IN CLOUD_IAM_USER CLOUD_IAM_SERVICE_ACCOUNT CLOUD_IAM_GROUP CLOUD_IAM_GROUP_USER"
        " CLOUD_IAM_GROUP_SERVICE_ACCOUNT",
    },
    "gcp:storage/bucket:Bucket": {
        "lifecycleRules.action.storageClass": _CLASSES,
        "lifecycleRules.action.type": "Delete SetStorageClass AbortIncompleteMultipartUpload",
        "lifecycleRules.condition.matchesStorageClasses": _CLASSES,
        "lifecycleRules.condition.withState": "LIVE ARCHIVED ANY",
        "deletionPolicy": _DELETION,
        "publicAccessPrevention": "enforced inherited",
        "storageClass": _CLASSES,
    },
}
"""By type token and path, without the places in lists: the values, as the type's page says (`source` of its
row)."""


def foreign_values(token: str, inputs: Json) -> Iterator[ForeignValue]:
    """Each value among `inputs`, without marks of secrets, that Google or its provider doesn't enumerate.
    Empty ones count as not given, and unknown ones as fine until they are known."""
    for field in _TAKEN.get(token, {}):
        known = provider_values(token, field)
        for value in values_at(inputs, field.split(".")):
            if value not in (None, "") and not is_unknown(value) and value not in known:
                yield ForeignValue(field, value, known, TYPES[token].source)


def provider_values(token: str, field: str) -> tuple[str, ...]:
    """All that the provider takes for a field, in dots, of a type; nothing where it enumerates none."""
    return tuple(_TAKEN.get(token, {}).get(field, "").split())


def values_at(value: Any, path: list[str]) -> Iterator[Any]:
    """All that stands at a path of inputs, in each item of the lists on its way."""
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        yield from values_at(value.get(path[0]), path[1:])
