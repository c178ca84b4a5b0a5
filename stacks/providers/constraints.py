"""Which constraints of an organisation's policies may refuse a resource.

All are in https://docs.cloud.google.com/organization-policy/reference/org-policy-constraints; here are those
that what we make may meet. Each allows everything until somebody sets a policy."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Json
from stacks.properties import is_unknown
from stacks.providers.access import ACCOUNT, ENABLED_API
from stacks.providers.compute import SECURITY_POLICY
from stacks.providers.data import BUCKET, HOLDER, REDIS, SQL_INSTANCE, VALKEY
from stacks.providers.messages import TOPIC

LOCATIONS = "gcp.resourceLocations"
SERVICES = "gcp.restrictServiceUsage"
KEYS = "gcp.restrictNonCmekServices"
MEMBERS = "iam.allowedPolicyMemberDomains"
BALANCERS = "compute.restrictLoadBalancerCreationForTypes"

BALANCER = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
BUCKET_GRANT = "gcp:storage/bucketIAMMember:BucketIAMMember"
CLUSTER = "gcp:container/cluster:Cluster"
KEY = "gcp:serviceaccount/key:Key"
MACHINE = "gcp:compute/instance:Instance"
NAT = "gcp:compute/routerNat:RouterNat"
PEERING = "gcp:servicenetworking/connection:Connection"

CONSTRAINTS = frozenset(
    (
        "compute.disableGlobalCloudArmorPolicy",
        "compute.disableGlobalLoadBalancing",
        "compute.requireOsLogin",
        "compute.requireShieldedVm",
        "compute.restrictCloudNATUsage",
        "compute.restrictLoadBalancerCreationForTypes",
        "compute.restrictVpcPeering",
        "compute.trustedImageProjects",
        "compute.vmExternalIpAccess",
        "gcp.resourceLocations",
        "gcp.restrictNonCmekServices",
        "gcp.restrictServiceUsage",
        "iam.allowedPolicyMemberDomains",
        "iam.disableServiceAccountCreation",
        "iam.disableServiceAccountKeyCreation",
        "iam.disableWorkloadIdentityClusterCreation",
        "sql.restrictAuthorizedNetworks",
        "sql.restrictPublicIp",
        "storage.publicAccessPrevention",
        "storage.retentionPolicySeconds",
        "storage.uniformBucketLevelAccess",
    )
)
"""All that `demands` may name."""

UNKNOWN_PART = "*"
"""Stands in a demanded value for what isn't known before the resource is there."""


class Permit(NamedTuple):
    """What a resource demands of a constraint: that a list allows the `value`, or, where that is empty, that
    it isn't enforced. `what` is so with the resource."""

    constraint: str
    value: str
    what: str


def demands(token: str, inputs: Json, project: str) -> Iterator[Permit]:
    """What a resource in a project wants to be allowed. `inputs` have no marks of secrets; what isn't known
    of them is taken for what isn't refused."""
    yield from _places(token, inputs)
    yield from _unencrypted(token, inputs)
    yield from _granted(token, inputs)
    yield from _machines(token, inputs, project)
    yield from _networks(token, inputs, project)
    yield from _stores(token, inputs)
    yield from _identities(token, inputs)


def _places(token: str, inputs: Json) -> Iterator[Permit]:
    replication: Any = inputs.get("replication") or {}
    if token == HOLDER and "auto" in replication:
        yield Permit(LOCATIONS, "global", "a secret is replicated wherever Google likes")
    stored: Any = (inputs.get("messageStoragePolicy") or {}).get("allowedPersistenceRegions") or ()
    for region in stored if token == TOPIC else ():
        yield Permit(LOCATIONS, region, f"keeps messages in {region}")
    for field in ("location", "region", "zone"):
        place = inputs.get(field)
        if isinstance(place, str) and place.lower() != "global":
            yield Permit(LOCATIONS, place.lower(), f"is made in {place.lower()}")


ENCRYPTED_BY: Mapping[str, tuple[str, str]] = {
    BUCKET: ("storage.googleapis.com", "encryption.defaultKmsKeyName"),
    HOLDER: ("secretmanager.googleapis.com", "replication.auto.customerManagedEncryption"),
    TOPIC: ("pubsub.googleapis.com", "kmsKeyName"),
    REDIS: ("redis.googleapis.com", "customerManagedKey"),
    VALKEY: ("memorystore.googleapis.com", "kmsKey"),
    SQL_INSTANCE: ("sqladmin.googleapis.com", "encryptionKeyName"),
    CLUSTER: ("container.googleapis.com", "databaseEncryption.keyName"),
    "gcp:container/nodePool:NodePool": ("compute.googleapis.com", "nodeConfig.bootDiskKmsKey"),
    MACHINE: ("compute.googleapis.com", "bootDisk.kmsKeySelfLink"),
}
"""The service that a policy names, and the input that is a key of one's own:
https://docs.cloud.google.com/kms/docs/cmek-org-policy."""


def _unencrypted(token: str, inputs: Json) -> Iterator[Permit]:
    service, path = ENCRYPTED_BY.get(token, ("", ""))
    found: Any = inputs
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if service and not found:
        yield Permit(KEYS, service, f"is encrypted by Google's key, and not by one of {path}")


def _granted(token: str, inputs: Json) -> Iterator[Permit]:
    member = inputs.get("member")
    if not token.lower().endswith("iammember"):
        return
    if not isinstance(member, str):
        yield Permit(MEMBERS, UNKNOWN_PART, "somebody is granted whose name only the update knows")
    else:
        kind, _, name = member.partition(":")
        # Accounts of one project belong to one organisation: `P.svc.id.goog[…]` are its pods.
        domain = name.rpartition("@")[2] or name
        yield Permit(MEMBERS, f"{kind}:{domain.partition('[')[0]}" if name else kind, f"{kind} is granted")


def _machines(token: str, inputs: Json, project: str) -> Iterator[Permit]:
    if token != MACHINE:
        return
    name = f"projects/{project}/zones/{inputs.get('zone')}/instances/{inputs.get('name')}"
    if any(each.get("accessConfigs") for each in inputs.get("networkInterfaces") or ()):
        yield Permit("compute.vmExternalIpAccess", name, "has a public address")
    image = ((inputs.get("bootDisk") or {}).get("initializeParams") or {}).get("image")
    if isinstance(image, str) and "/" in image:
        of = image.removeprefix("https://www.googleapis.com/compute/v1/").removeprefix("projects/")
        yield Permit("compute.trustedImageProjects", f"projects/{of.split('/')[0]}", f"boots {image}")
    if not (inputs.get("shieldedInstanceConfig") or {}).get("enableVtpm", True):
        yield Permit("compute.requireShieldedVm", "", "has no virtual TPM")
    if str((inputs.get("metadata") or {}).get("enable-oslogin", "")).upper() == "FALSE":
        yield Permit("compute.requireOsLogin", "", "turns OS Login off")


def _networks(token: str, inputs: Json, project: str) -> Iterator[Permit]:
    scheme = inputs.get("loadBalancingScheme")
    if token == BALANCER and scheme == "EXTERNAL_MANAGED":
        kind = "GLOBAL_EXTERNAL_MANAGED_HTTP_HTTPS"
        yield Permit(BALANCERS, kind, "is a global load balancer for everybody")
        yield Permit("compute.disableGlobalLoadBalancing", "", "is a global load balancer")
    if token == SECURITY_POLICY:
        yield Permit("compute.disableGlobalCloudArmorPolicy", "", "is a global policy of Cloud Armor")
    if token == NAT:
        subnets = f"projects/{project}/regions/{inputs.get('region')}/subnetworks/{UNKNOWN_PART}"
        yield Permit("compute.restrictCloudNATUsage", subnets, "lets subnets call out by Cloud NAT")
    if token == PEERING:
        # Google's side of the peering is a project that is made with it.
        peer = f"projects/{UNKNOWN_PART}/global/networks/servicenetworking"
        yield Permit("compute.restrictVpcPeering", peer, "peers with the network of managed stores")


def _stores(token: str, inputs: Json) -> Iterator[Permit]:
    ways: Any = (inputs.get("settings") or {}).get("ipConfiguration") or {}
    if token == SQL_INSTANCE and ways.get("ipv4Enabled", True):
        yield Permit("sql.restrictPublicIp", "", "has a public address")
    if token == SQL_INSTANCE and ways.get("authorizedNetworks"):
        yield Permit("sql.restrictAuthorizedNetworks", "", "lets in networks by their addresses")
    if token == BUCKET:
        if not inputs.get("uniformBucketLevelAccess"):
            yield Permit("storage.uniformBucketLevelAccess", "", "has access lists of objects")
        seconds = (inputs.get("retentionPolicy") or {}).get("retentionPeriod")
        if not is_unknown(seconds):
            what = f"keeps objects for {seconds} s" if seconds else "has no retention policy"
            yield Permit("storage.retentionPolicySeconds", str(seconds or "none"), what)
    if token == BUCKET_GRANT and str(inputs.get("member")).startswith("all"):
        yield Permit("storage.publicAccessPrevention", "", "lets everybody read a bucket")


def _identities(token: str, inputs: Json) -> Iterator[Permit]:
    if token == ACCOUNT:
        yield Permit("iam.disableServiceAccountCreation", "", "is a service account")
    if token == KEY:
        yield Permit("iam.disableServiceAccountKeyCreation", "", "is a key of a service account")
    if token == CLUSTER and inputs.get("workloadIdentityConfig"):
        yield Permit("iam.disableWorkloadIdentityClusterCreation", "", "gives pods identities")
    if token == ENABLED_API and isinstance(service := inputs.get("service"), str):
        yield Permit(SERVICES, service, f"enables {service}")
