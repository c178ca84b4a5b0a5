"""By which id the provider imports a resource, and what other tools call its type.

Most are imported by the id that they have; the others in the form that the provider's pages say, each under
*Import* (https://registry.terraform.io/providers/hashicorp/google/latest/docs, and the SDK's docstrings)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from catalog.document import Json
from stacks.properties import is_unknown, revealed
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.table import TYPES


class Elsewhere(NamedTuple):
    """What a type is called by Terraform, and by Google's asset inventory
    (https://cloud.google.com/asset-inventory/docs/asset-types), which has no grants, only policies, and not
    all that Terraform has: empty then."""

    terraform: str
    asset: str = ""


def _compute(terraform: str, asset: str) -> Elsewhere:
    return Elsewhere(f"google_compute_{terraform}", f"compute.googleapis.com/{asset}")


def _certificates(terraform: str, asset: str) -> Elsewhere:
    return Elsewhere(f"google_certificate_manager_{terraform}", f"certificatemanager.googleapis.com/{asset}")


ELSEWHERE: Mapping[str, Elsewhere] = {
    "gcp:binaryauthorization/policy:Policy": Elsewhere("google_binary_authorization_policy"),
    "gcp:certificatemanager/certificate:Certificate": _certificates("certificate", "Certificate"),
    "gcp:certificatemanager/certificateMap:CertificateMap": _certificates(
        "certificate_map", "CertificateMap"
    ),
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": _certificates(
        "certificate_map_entry", "CertificateMapEntry"
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": _certificates(
        "dns_authorization", "DnsAuthorization"
    ),
    "gcp:compute/address:Address": _compute("address", "Address"),
    "gcp:compute/backendService:BackendService": _compute("backend_service", "BackendService"),
    "gcp:compute/firewall:Firewall": _compute("firewall", "Firewall"),
    "gcp:compute/globalAddress:GlobalAddress": _compute("global_address", "GlobalAddress"),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": _compute(
        "global_forwarding_rule", "GlobalForwardingRule"
    ),
    "gcp:compute/healthCheck:HealthCheck": _compute("health_check", "HealthCheck"),
    "gcp:compute/instance:Instance": _compute("instance", "Instance"),
    "gcp:compute/instanceGroup:InstanceGroup": _compute("instance_group", "InstanceGroup"),
    "gcp:compute/network:Network": _compute("network", "Network"),
    "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": _compute(
        "network_endpoint_group", "NetworkEndpointGroup"
    ),
    "gcp:compute/router:Router": _compute("router", "Router"),
    "gcp:compute/routerNat:RouterNat": Elsewhere("google_compute_router_nat"),
    "gcp:compute/sSLPolicy:SSLPolicy": _compute("ssl_policy", "SslPolicy"),
    "gcp:compute/securityPolicy:SecurityPolicy": _compute("security_policy", "SecurityPolicy"),
    "gcp:compute/subnetwork:Subnetwork": _compute("subnetwork", "Subnetwork"),
    "gcp:compute/targetHttpProxy:TargetHttpProxy": _compute("target_http_proxy", "TargetHttpProxy"),
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": _compute("target_https_proxy", "TargetHttpsProxy"),
    "gcp:compute/uRLMap:URLMap": _compute("url_map", "UrlMap"),
    "gcp:container/cluster:Cluster": Elsewhere(
        "google_container_cluster", "container.googleapis.com/Cluster"
    ),
    "gcp:container/nodePool:NodePool": Elsewhere(
        "google_container_node_pool", "container.googleapis.com/NodePool"
    ),
    "gcp:dns/managedZone:ManagedZone": Elsewhere("google_dns_managed_zone", "dns.googleapis.com/ManagedZone"),
    "gcp:dns/recordSet:RecordSet": Elsewhere("google_dns_record_set"),
    "gcp:iap/webBackendServiceIamMember:WebBackendServiceIamMember": Elsewhere(
        "google_iap_web_backend_service_iam_member"
    ),
    "gcp:kms/cryptoKey:CryptoKey": Elsewhere("google_kms_crypto_key", "cloudkms.googleapis.com/CryptoKey"),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Elsewhere("google_kms_crypto_key_iam_member"),
    "gcp:kms/keyRing:KeyRing": Elsewhere("google_kms_key_ring", "cloudkms.googleapis.com/KeyRing"),
    "gcp:logging/projectSink:ProjectSink": Elsewhere(
        "google_logging_project_sink", "logging.googleapis.com/LogSink"
    ),
    "gcp:memorystore/instance:Instance": Elsewhere(
        "google_memorystore_instance", "memorystore.googleapis.com/Instance"
    ),
    "gcp:monitoring/alertPolicy:AlertPolicy": Elsewhere(
        "google_monitoring_alert_policy", "monitoring.googleapis.com/AlertPolicy"
    ),
    "gcp:monitoring/notificationChannel:NotificationChannel": Elsewhere(
        "google_monitoring_notification_channel", "monitoring.googleapis.com/NotificationChannel"
    ),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": Elsewhere(
        "google_monitoring_uptime_check_config", "monitoring.googleapis.com/UptimeCheckConfig"
    ),
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": Elsewhere(
        "google_network_connectivity_service_connection_policy",
        "networkconnectivity.googleapis.com/ServiceConnectionPolicy",
    ),
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": Elsewhere("google_project_iam_audit_config"),
    "gcp:projects/iAMMember:IAMMember": Elsewhere("google_project_iam_member"),
    "gcp:projects/service:Service": Elsewhere(
        "google_project_service", "serviceusage.googleapis.com/Service"
    ),
    "gcp:projects/serviceIdentity:ServiceIdentity": Elsewhere("google_project_service_identity"),
    "gcp:pubsub/subscription:Subscription": Elsewhere(
        "google_pubsub_subscription", "pubsub.googleapis.com/Subscription"
    ),
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": Elsewhere(
        "google_pubsub_subscription_iam_member"
    ),
    "gcp:pubsub/topic:Topic": Elsewhere("google_pubsub_topic", "pubsub.googleapis.com/Topic"),
    "gcp:pubsub/topicIAMMember:TopicIAMMember": Elsewhere("google_pubsub_topic_iam_member"),
    "gcp:redis/instance:Instance": Elsewhere("google_redis_instance", "redis.googleapis.com/Instance"),
    "gcp:secretmanager/secret:Secret": Elsewhere(
        "google_secret_manager_secret", "secretmanager.googleapis.com/Secret"
    ),
    "gcp:secretmanager/secretIamMember:SecretIamMember": Elsewhere("google_secret_manager_secret_iam_member"),
    "gcp:secretmanager/secretVersion:SecretVersion": Elsewhere(
        "google_secret_manager_secret_version", "secretmanager.googleapis.com/SecretVersion"
    ),
    "gcp:serviceaccount/account:Account": Elsewhere(
        "google_service_account", "iam.googleapis.com/ServiceAccount"
    ),
    "gcp:serviceaccount/iAMMember:IAMMember": Elsewhere("google_service_account_iam_member"),
    "gcp:servicenetworking/connection:Connection": Elsewhere("google_service_networking_connection"),
    "gcp:sql/database:Database": Elsewhere("google_sql_database"),
    "gcp:sql/databaseInstance:DatabaseInstance": Elsewhere(
        "google_sql_database_instance", "sqladmin.googleapis.com/Instance"
    ),
    "gcp:sql/user:User": Elsewhere("google_sql_user"),
    "gcp:storage/bucket:Bucket": Elsewhere("google_storage_bucket", "storage.googleapis.com/Bucket"),
    "gcp:storage/bucketIAMMember:BucketIAMMember": Elsewhere("google_storage_bucket_iam_member"),
}
"""By type token: those of Google that have a row in the table."""

FORMS: Mapping[str, str] = {
    "gcp:container/nodePool:NodePool": "{project}/{location}/{cluster}/{name}",
    "gcp:compute/routerNat:RouterNat": "projects/{project}/regions/{region}/routers/{router}/{name}",
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": "{project} {service}",
    "gcp:projects/serviceIdentity:ServiceIdentity": "",
    "gcp:sql/databaseInstance:DatabaseInstance": "projects/{project}/instances/{name}",
    "gcp:sql/user:User": "{project}/{instance}/{name}",
}
"""The form of those that aren't imported by their id; empty for what can't be imported at all."""

_OF_GRANTS: Mapping[str, tuple[str, str]] = {
    "gcp:iap/webBackendServiceIamMember:WebBackendServiceIamMember": (
        "webBackendService",
        "projects/{project}/iap_web/compute/services/",
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": ("cryptoKeyId", ""),
    "gcp:projects/iAMMember:IAMMember": ("project", ""),
    "gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember": (
        "subscription",
        "projects/{project}/subscriptions/",
    ),
    "gcp:pubsub/topicIAMMember:TopicIAMMember": ("topic", "projects/{project}/topics/"),
    "gcp:secretmanager/secretIamMember:SecretIamMember": ("secretId", "projects/{project}/secrets/"),
    "gcp:serviceaccount/iAMMember:IAMMember": ("serviceAccountId", ""),
    "gcp:storage/bucketIAMMember:BucketIAMMember": ("bucket", "b/"),
}
"""Of a grant: the input that says on what it is, and what stands before a bare name there. The provider wants
it, the role and the member, and of a condition its title, between spaces (*IAM member imports use
space-delimited identifiers*)."""

BY_TERRAFORM = {each.terraform: token for token, each in ELSEWHERE.items()}
BY_ASSET = {each.asset: token for token, each in ELSEWHERE.items() if each.asset}


def import_id(token: str, inputs: Json, place: ProviderSettings) -> str:
    """The id by which the provider imports a resource with these inputs; empty when it doesn't follow from
    them, or the type can't be imported. What the cloud counts has its number in `number`."""
    plain = revealed(inputs)
    if token in _OF_GRANTS:
        return _of_grant(token, plain, place)
    if token not in FORMS:
        return identity(token, inputs, place)
    known = {"project": place.project, "region": place.region, **plain}
    parts = {name: known.get(name) for name in re.findall(r"{(\w+)}", FORMS[token])}
    if not all(isinstance(part, str) and part and not is_unknown(part) for part in parts.values()):
        return ""
    return FORMS[token].format_map(parts)


def _of_grant(token: str, inputs: Json, place: ProviderSettings) -> str:
    of, prefix = _OF_GRANTS[token]
    asked = [inputs.get(name) for name in (of, "role", "member")]
    if (condition := inputs.get("condition")) is not None:
        asked.append(condition.get("title"))
    words = [word for word in asked if isinstance(word, str) and not is_unknown(word)]
    if len(words) < len(asked):
        return ""
    if prefix and "/" not in words[0]:
        words[0] = prefix.format(project=inputs.get("project") or place.project) + words[0]
    return " ".join(words)


def parts_of(token: str, id_: str) -> dict[str, str]:
    """The inputs that an id says by which a resource is imported, by their names; none for an id of another
    form. (Those of a grant are all its inputs, and are in none of these.)"""
    form = FORMS.get(token) or (TYPES[token].id if token in TYPES and token not in _OF_GRANTS else "")
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>[^/ ]+)"

    pattern = re.sub(r"\\{(\w+)\\}", group, re.escape(form))
    found = re.fullmatch(pattern, id_) if form else None
    return {} if found is None else found.groupdict()


def is_imported_as(token: str, inputs: Json, id_: str, place: ProviderSettings, asked: str) -> bool:
    """Whether the provider imports the resource with these inputs, whose id is `id_`, as it was `asked`."""
    has_form = token in FORMS or token in _OF_GRANTS
    return asked == (import_id(token, inputs, place) if has_form else id_) and asked != ""


def is_imported(token: str) -> bool:
    """Whether resources of a type can be imported: of Google's, all but one."""
    return token in TYPES and token.startswith("gcp:") and FORMS.get(token, "{name}") != ""
