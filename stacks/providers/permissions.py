"""Which IAM permissions of a project the calls for a resource type need.

A permission counts for the call that a missing one makes fail: also those on what the resource refers to
(`compute.subnetworks.use`), and those that waiting for the end of a call takes (`container.operations.get`).
Names are those of https://cloud.google.com/iam/docs/permissions-reference."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

ProviderCall = Literal["create", "read", "update", "delete"]
"""What the provider does with a resource. A replacement is a `create` and a `delete`."""


class Permissions(NamedTuple):
    """What the calls for resources of a type need, beyond each other; `source` is the URL that says so."""

    source: str
    create: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()


def _on(
    source: str,
    collection: str,
    *,
    create: str = "",
    update: str = "",
    delete: str = "",
    verbs: str = "create get update delete",
    every: str = "",
) -> Permissions:
    """The usual four on a `collection`, as far as they are among `verbs`, and what a call takes beside them;
    `every` is for all that change something. A name without a dot is one of the collection."""

    def named(names: str) -> tuple[str, ...]:
        return tuple(each if "." in each else f"{collection}.{each}" for each in names.split())

    def usual(verb: str) -> str:
        return verb if verb in verbs.split() else ""

    return Permissions(
        source,
        named(f"{usual('create')} {create} {every}"),
        named("get"),
        named(f"{usual('update')} {update} {every}"),
        named(f"{usual('delete')} {delete} {every}"),
    )


def _policy_of(source: str, collection: str) -> Permissions:
    """A grant is a change of the policy of what it is on: the provider reads it, and writes it back."""
    both = (f"{collection}.getIamPolicy", f"{collection}.setIamPolicy")
    return Permissions(source, both, both[:1], both, both)


_COMPUTE = "https://cloud.google.com/compute/docs/reference/rest/v1/"
_CERTIFICATES = "https://cloud.google.com/certificate-manager/docs/access-control"
_CONTAINER = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_DNS = "https://cloud.google.com/dns/docs/access-control"
_IAM = "https://cloud.google.com/iam/docs/permissions-reference"
_KMS = "https://cloud.google.com/kms/docs/reference/permissions-and-roles"
_MONITORING = "https://cloud.google.com/monitoring/access-control"
_PEERING = "https://cloud.google.com/vpc/docs/configure-private-services-access#permissions"
_PUBSUB = "https://cloud.google.com/pubsub/docs/access-control"
_SECRETS = "https://cloud.google.com/secret-manager/docs/access-control"
_SQL = "https://cloud.google.com/sql/docs/postgres/iam-permissions"
_STORAGE = "https://cloud.google.com/storage/docs/access-control/iam-permissions"
_USAGE = "https://cloud.google.com/service-usage/docs/access-control"

_GLOBAL = "compute.globalOperations.get"
_REGION = "compute.regionOperations.get"
_ZONE = "compute.zoneOperations.get"
_NETWORK = "compute.networks.updatePolicy"  # a firewall, router or subnet is a change of its network, too
_CERTIFIED = "certificatemanager.operations.get"
_ACT_AS = "iam.serviceAccounts.actAs"  # who gives a machine an account can do what the account may

_PROXY_USES = "compute.urlMaps.use setUrlMap"

PERMISSIONS: dict[str, Permissions] = {
    "gcp:binaryauthorization/policy:Policy": Permissions(
        # There always is one: making it is an update, and deleting it an update to the default.
        "https://cloud.google.com/binary-authorization/docs/reference/rest/v1/projects/updatePolicy",
        ("binaryauthorization.policy.update",),
        ("binaryauthorization.policy.get",),
        ("binaryauthorization.policy.update",),
        ("binaryauthorization.policy.update",),
    ),
    "gcp:certificatemanager/certificate:Certificate": _on(
        _CERTIFICATES,
        "certificatemanager.certs",
        create="certificatemanager.dnsauthorizations.use",
        every=_CERTIFIED,
    ),
    "gcp:certificatemanager/certificateMap:CertificateMap": _on(
        _CERTIFICATES, "certificatemanager.certmaps", every=_CERTIFIED
    ),
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": _on(
        _CERTIFICATES,
        "certificatemanager.certmapentries",
        create="certificatemanager.certs.use",
        update="certificatemanager.certs.use",
        every=_CERTIFIED,
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": _on(
        _CERTIFICATES, "certificatemanager.dnsauthorizations", every=_CERTIFIED
    ),
    "gcp:compute/address:Address": _on(
        f"{_COMPUTE}addresses/insert",
        "compute.addresses",
        verbs="create delete",
        create="compute.subnetworks.use",
        update="setLabels",
        every=_REGION,
    ),
    "gcp:compute/backendService:BackendService": _on(
        f"{_COMPUTE}backendServices/insert",
        "compute.backendServices",
        create="setSecurityPolicy compute.healthChecks.useReadOnly compute.networkEndpointGroups.use"
        " compute.instanceGroups.use compute.securityPolicies.use",
        update="setSecurityPolicy compute.healthChecks.useReadOnly compute.networkEndpointGroups.use"
        " compute.instanceGroups.use compute.securityPolicies.use",
        every=_GLOBAL,
    ),
    "gcp:compute/firewall:Firewall": _on(
        f"{_COMPUTE}firewalls/insert", "compute.firewalls", every=f"{_NETWORK} {_GLOBAL}"
    ),
    "gcp:compute/globalAddress:GlobalAddress": _on(
        f"{_COMPUTE}globalAddresses/insert",
        "compute.globalAddresses",
        verbs="create delete",
        create="createInternal compute.networks.use",
        update="setLabels",
        delete="deleteInternal compute.networks.use",
        every=_GLOBAL,
    ),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": _on(
        f"{_COMPUTE}globalForwardingRules/insert",
        "compute.globalForwardingRules",
        create="compute.globalAddresses.use compute.targetHttpProxies.use compute.targetHttpsProxies.use",
        update="setLabels setTarget compute.targetHttpProxies.use compute.targetHttpsProxies.use",
        every=_GLOBAL,
    ),
    "gcp:compute/healthCheck:HealthCheck": _on(
        f"{_COMPUTE}healthChecks/insert", "compute.healthChecks", every=_GLOBAL
    ),
    "gcp:compute/instance:Instance": _on(
        f"{_COMPUTE}instances/insert",
        "compute.instances",
        create="setLabels setMetadata setServiceAccount setTags compute.disks.create compute.subnetworks.use"
        f" {_ACT_AS}",
        update=f"setLabels setMetadata setServiceAccount setTags setDeletionProtection stop start {_ACT_AS}",
        every=_ZONE,
    ),
    "gcp:compute/instanceGroup:InstanceGroup": _on(
        f"{_COMPUTE}instanceGroups/insert",
        "compute.instanceGroups",
        create="compute.instances.use",
        update="compute.instances.use",
        every=_ZONE,
    ),
    "gcp:compute/network:Network": _on(f"{_COMPUTE}networks/insert", "compute.networks", every=_GLOBAL),
    "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": _on(
        f"{_COMPUTE}networkEndpointGroups/insert",
        "compute.networkEndpointGroups",
        verbs="create delete",
        create="compute.networks.use compute.subnetworks.use",
        every=_ZONE,
    ),
    "gcp:compute/router:Router": _on(
        f"{_COMPUTE}routers/insert", "compute.routers", every=f"{_NETWORK} {_REGION}"
    ),
    "gcp:compute/routerNat:RouterNat": _on(
        # A NAT is a field of its router.
        f"{_COMPUTE}routers/patch",
        "compute.routers",
        verbs="update",
        create="compute.addresses.use",
        update="compute.addresses.use",
        every=f"get update {_NETWORK} {_REGION}",
    ),
    "gcp:compute/sSLPolicy:SSLPolicy": _on(
        f"{_COMPUTE}sslPolicies/insert", "compute.sslPolicies", every=_GLOBAL
    ),
    "gcp:compute/securityPolicy:SecurityPolicy": _on(
        f"{_COMPUTE}securityPolicies/insert", "compute.securityPolicies", every=_GLOBAL
    ),
    "gcp:compute/subnetwork:Subnetwork": _on(
        f"{_COMPUTE}subnetworks/insert",
        "compute.subnetworks",
        update="expandIpCidrRange setPrivateIpGoogleAccess",
        every=f"{_NETWORK} {_REGION}",
    ),
    "gcp:compute/targetHttpProxy:TargetHttpProxy": _on(
        f"{_COMPUTE}targetHttpProxies/insert",
        "compute.targetHttpProxies",
        create="compute.urlMaps.use",
        update=_PROXY_USES,
        every=_GLOBAL,
    ),
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": _on(
        f"{_COMPUTE}targetHttpsProxies/insert",
        "compute.targetHttpsProxies",
        create="setCertificateMap compute.urlMaps.use compute.sslPolicies.use"
        " certificatemanager.certmaps.use",
        update=f"{_PROXY_USES} setCertificateMap setSslPolicy compute.sslPolicies.use"
        " certificatemanager.certmaps.use",
        every=_GLOBAL,
    ),
    "gcp:compute/uRLMap:URLMap": _on(
        f"{_COMPUTE}urlMaps/insert",
        "compute.urlMaps",
        create="compute.backendServices.use",
        update="compute.backendServices.use",
        every=_GLOBAL,
    ),
    "gcp:container/cluster:Cluster": _on(
        f"{_CONTAINER}/create", "container.clusters", create=_ACT_AS, every="container.operations.get"
    ),
    "gcp:container/nodePool:NodePool": _on(
        # A pool of nodes is a part of its cluster.
        f"{_CONTAINER}.nodePools/create",
        "container.clusters",
        verbs="update",
        create=f"update {_ACT_AS}",
        update=_ACT_AS,
        delete="update",
        every="get container.operations.get",
    ),
    "gcp:dns/managedZone:ManagedZone": _on(
        _DNS, "dns.managedZones", delete="dns.resourceRecordSets.list dns.changes.create dns.changes.get"
    ),
    "gcp:dns/recordSet:RecordSet": _on(
        _DNS, "dns.resourceRecordSets", create="list", every="dns.changes.create dns.changes.get"
    ),
    "gcp:iap/webBackendServiceIamMember:WebBackendServiceIamMember": _policy_of(
        "https://cloud.google.com/iap/docs/managing-access#required_permissions", "iap.webServices"
    ),
    "gcp:kms/keyRing:KeyRing": _on(_KMS, "cloudkms.keyRings", verbs="create"),  # nobody can delete one
    "gcp:kms/cryptoKey:CryptoKey": _on(
        # Nobody can delete a key; the provider destroys its versions.
        _KMS,
        "cloudkms.cryptoKeys",
        verbs="create update",
        delete="update cloudkms.cryptoKeyVersions.list cloudkms.cryptoKeyVersions.destroy",
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": _policy_of(_KMS, "cloudkms.cryptoKeys"),
    "gcp:monitoring/alertPolicy:AlertPolicy": _on(_MONITORING, "monitoring.alertPolicies"),
    "gcp:monitoring/notificationChannel:NotificationChannel": _on(
        _MONITORING, "monitoring.notificationChannels"
    ),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": _on(_MONITORING, "monitoring.uptimeCheckConfigs"),
    "gcp:logging/projectSink:ProjectSink": _on(
        "https://cloud.google.com/logging/docs/access-control", "logging.sinks"
    ),
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": _policy_of(_IAM, "resourcemanager.projects"),
    "gcp:projects/iAMMember:IAMMember": _policy_of(_IAM, "resourcemanager.projects"),
    "gcp:projects/service:Service": Permissions(
        # The provider looks at what is enabled before it enables or leaves something.
        _USAGE,
        ("serviceusage.services.enable", "serviceusage.services.list"),
        ("serviceusage.services.list",),
        ("serviceusage.services.list",),
        ("serviceusage.services.disable", "serviceusage.services.list"),
    ),
    "gcp:projects/serviceIdentity:ServiceIdentity": Permissions(
        # Changing or deleting one does nothing.
        _USAGE,
        ("serviceusage.services.enable",),
    ),
    "gcp:memorystore/instance:Instance": _on(
        "https://cloud.google.com/memorystore/docs/valkey/access-control",
        "memorystore.instances",
        create="compute.networks.get",
        every="memorystore.operations.get memorystore.certificateAuthority.get",
    ),
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": _on(
        "https://cloud.google.com/vpc/docs/configure-service-connection-policies",
        "networkconnectivity.serviceConnectionPolicies",
        create="compute.networks.get compute.subnetworks.get",
        every="networkconnectivity.operations.get",
    ),
    "gcp:pubsub/subscription:Subscription": _on(
        _PUBSUB, "pubsub.subscriptions", create="pubsub.topics.attachSubscription"
    ),
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": _policy_of(_PUBSUB, "pubsub.subscriptions"),
    "gcp:pubsub/topic:Topic": _on(_PUBSUB, "pubsub.topics"),
    "gcp:pubsub/topicIAMMember:TopicIAMMember": _policy_of(_PUBSUB, "pubsub.topics"),
    "gcp:redis/instance:Instance": _on(
        "https://cloud.google.com/memorystore/docs/redis/access-control",
        "redis.instances",
        create="getAuthString compute.networks.get",
        update="getAuthString upgrade",
        every="redis.operations.get",
    ),
    "gcp:secretmanager/secret:Secret": _on(_SECRETS, "secretmanager.secrets"),
    "gcp:secretmanager/secretIamMember:SecretIamMember": _policy_of(_SECRETS, "secretmanager.secrets"),
    "gcp:secretmanager/secretVersion:SecretVersion": Permissions(
        _SECRETS,
        ("secretmanager.versions.add", "secretmanager.versions.get"),
        ("secretmanager.versions.get", "secretmanager.versions.access"),
        ("secretmanager.versions.enable", "secretmanager.versions.disable"),
        ("secretmanager.versions.destroy",),
    ),
    "gcp:serviceaccount/account:Account": _on(_IAM, "iam.serviceAccounts", update="enable disable"),
    "gcp:serviceaccount/iAMMember:IAMMember": _policy_of(_IAM, "iam.serviceAccounts"),
    "gcp:servicenetworking/connection:Connection": Permissions(
        _PEERING,
        ("servicenetworking.services.addPeering", "compute.networks.get", "servicenetworking.operations.get"),
        ("servicenetworking.services.get", "compute.networks.get"),
        ("servicenetworking.services.addPeering", "compute.networks.get", "servicenetworking.operations.get"),
        (
            "servicenetworking.services.deleteConnection",
            "compute.networks.removePeering",
            "servicenetworking.operations.get",
        ),
    ),
    "gcp:sql/database:Database": _on(_SQL, "cloudsql.databases", every="cloudsql.instances.get"),
    "gcp:sql/databaseInstance:DatabaseInstance": _on(
        _SQL,
        "cloudsql.instances",
        # The provider takes away the user that Google makes by itself.
        create="cloudsql.users.list cloudsql.users.delete compute.networks.get",
    ),
    "gcp:sql/user:User": _on(_SQL, "cloudsql.users", every="list cloudsql.instances.get"),
    "gcp:storage/bucket:Bucket": _on(_STORAGE, "storage.buckets"),
    "gcp:storage/bucketIAMMember:BucketIAMMember": _policy_of(_STORAGE, "storage.buckets"),
}
"""By type token."""


def permissions_of(token: str, call: ProviderCall) -> tuple[str, ...]:
    """What a call for a resource of a type takes of Google's permissions, a change or deletion with what
    reading before it takes. Nothing for what isn't Google's, as Kubernetes' objects.

    Raises LookupError for a type of Google's that isn't in the table."""
    if not token.startswith("gcp:"):
        return ()
    row = PERMISSIONS[token]
    return tuple(dict.fromkeys((*row.read, *getattr(row, call))))


def permissions_for(calls: Iterable[tuple[str, ProviderCall]]) -> list[str]:
    """What all calls, each with its type, take together, sorted."""
    return sorted({name for token, call in calls for name in permissions_of(token, call)})


def every_permission() -> set[str]:
    """What any call takes."""
    return {name for each in PERMISSIONS.values() for call in each[1:] for name in call}
