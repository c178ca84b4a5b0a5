"""The outputs of Google Cloud's resources: what they have beside their inputs, as far as our programs read
it.

Everything follows from the resource's id, so the same program gets the same answers each time. Addresses are
of the ranges that are kept for documentation (RFC 5737, RFC 3849): nothing is ever sent to anybody."""

import base64
import ipaddress
from collections.abc import Callable, Collection
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from catalog.document import Json
from stacks.properties import secret

PUBLIC = ipaddress.ip_network("203.0.113.0/24")
PRIVATE = ipaddress.ip_network("198.51.100.0/24")
PUBLIC_V6 = ipaddress.ip_network("2001:db8::/32")
CERTIFICATE = Path(__file__).with_name("certificate_authority.pem")
"""A self-signed certificate; its private key was never kept."""

AGENTS = {"container.googleapis.com": "container-engine-robot", "pubsub.googleapis.com": "gcp-sa-pubsub"}
"""Where the accounts are by which Google's services act."""

COMPUTE = "https://www.googleapis.com/compute/v1/"


class OutputContext(NamedTuple):
    """What the outputs of a resource are computed from: its `id` and `inputs`, without the marks of secrets;
    the `project` and `region` of its provider; the addresses that other resources have (`taken`); and the
    time (`now`, ISO 8601)."""

    id: str
    inputs: Json
    project: str
    region: str
    taken: Collection[str]
    now: str

    @property
    def name(self) -> str:
        """The resource's name, or the last part of its id."""
        return str(self.inputs.get("name") or self.id.rpartition("/")[2])

    def number(self, what: str = "", digits: int = 18) -> int:
        """A number of so many digits, always the same for this resource; `what` tells several apart."""
        least: int = 10 ** (digits - 1)
        return least + int(sha256(f"{self.id} {what}".encode()).hexdigest(), 16) % (9 * least)

    def address(self, network: ipaddress.IPv4Network | ipaddress.IPv6Network, what: str = "") -> str:
        """A free address of a network: always the same for this resource, unless it is taken; `what` tells
        several apart.

        Raises OverflowError when all are taken."""
        hosts = min(network.num_addresses, 2**16) - 2
        first = int(sha256(f"{self.id} {what}".encode()).hexdigest(), 16)
        for step in range(hosts):
            address = str(network[1 + (first + step) % hosts])
            if address not in self.taken:
                return address
        raise OverflowError(f"All {hosts} addresses of {network} are taken.")


def outputs(token: str, context: OutputContext) -> Json:
    """The outputs of a resource of this type, without its inputs."""
    common: Json = {"project": context.inputs.get("project") or context.project}
    if token.startswith("gcp:compute/"):
        common |= {"selfLink": COMPUTE + context.id, "creationTimestamp": context.now}
    own = _OUTPUTS.get(token)
    return common | (own(context) if own is not None else {})


@cache
def certificate() -> str:
    """The certificate of the authority that every cluster and cache here claims to use, in PEM."""
    return CERTIFICATE.read_text("ascii")


def _address(context: OutputContext) -> Json:
    if "address" in context.inputs:
        return {}
    if context.inputs.get("addressType", "EXTERNAL") != "EXTERNAL":
        return {"address": context.address(PRIVATE)}
    return {"address": context.address(PUBLIC_V6 if context.inputs.get("ipVersion") == "IPV6" else PUBLIC)}


def _cluster(context: OutputContext) -> Json:
    block = context.inputs.get("privateClusterConfig", {}).get("masterIpv4CidrBlock")
    endpoint = str(ipaddress.ip_network(block)[2]) if block else context.address(PUBLIC)
    encoded = base64.b64encode(certificate().encode()).decode()
    config: Json = {**context.inputs.get("controlPlaneEndpointsConfig", {})}
    if config.get("dnsEndpointConfig", {}).get("allowExternalTraffic"):
        name = f"gke-{context.number('dns', 12)}.{context.inputs.get('location', context.region)}.gke.goog"
        config["dnsEndpointConfig"] = {**config["dnsEndpointConfig"], "endpoint": name}
    return {
        "controlPlaneEndpointsConfig": config,
        "endpoint": endpoint,
        "masterAuth": {"clusterCaCertificate": encoded},
        "masterVersion": "1.35.4-gke.1000000",
        "selfLink": f"https://container.googleapis.com/v1/{context.id}",
    }


def _database(context: OutputContext) -> Json:
    project = context.inputs.get("project") or context.project
    region = context.inputs.get("region") or context.region
    addresses: Json = {"privateIpAddress": "", "publicIpAddress": ""}
    ways = context.inputs.get("settings", {}).get("ipConfiguration", {})
    if ways.get("privateNetwork"):
        addresses["privateIpAddress"] = context.address(PRIVATE)
    if ways.get("ipv4Enabled", True):
        addresses["publicIpAddress"] = context.address(PUBLIC)
    return {
        **addresses,
        "firstIpAddress": addresses["publicIpAddress"] or addresses["privateIpAddress"],
        "connectionName": f"{project}:{region}:{context.name}",
        "selfLink": f"https://sqladmin.googleapis.com/sql/v1beta4/projects/{project}/instances/{context.name}",
        "serviceAccountEmailAddress": f"p{context.number(digits=12)}-{context.number('sql', 6)}"
        "@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    }


def _redis(context: OutputContext) -> Json:
    is_encrypted = context.inputs.get("transitEncryptionMode") == "SERVER_AUTHENTICATION"
    found: Json = {
        "host": context.address(PRIVATE),
        "port": 6378 if is_encrypted else 6379,
        "currentLocationId": context.inputs.get("locationId", f"{context.region}-b"),
        "createTime": context.now,
        "serverCaCerts": [{"cert": certificate(), "createTime": context.now}] if is_encrypted else [],
    }
    if context.inputs.get("authEnabled"):
        found["authString"] = secret(sha256(f"{context.id} password".encode()).hexdigest()[:32])
    return found


def _account(context: OutputContext) -> Json:
    email = context.id.rpartition("/")[2]
    return {
        "email": email,
        "member": f"serviceAccount:{email}",
        "name": context.id,
        "uniqueId": str(context.number(digits=21)),
    }


def _service_agent(context: OutputContext) -> Json:
    """The account of a Google service in the project: https://cloud.google.com/iam/docs/service-agents."""
    domain = AGENTS[context.inputs["service"]]
    email = f"service-{context.number(digits=12)}@{domain}.iam.gserviceaccount.com"
    return {"email": email, "member": f"serviceAccount:{email}"}


def primary_version(key: str, state: str) -> Json:
    """The version of a key in Cloud KMS that encrypts, with its state
    (https://cloud.google.com/kms/docs/key-states)."""
    return {"name": f"{key}/cryptoKeyVersions/1", "state": state}


def _zone(context: OutputContext) -> Json:
    letter = "abcde"[context.number() % 5]
    servers = [f"ns-cloud-{letter}{number}.googledomains.com." for number in range(1, 5)]
    return {"nameServers": servers, "managedZoneId": context.number()}


def _sink(context: OutputContext) -> Json:
    account = f"service-{context.number(digits=12)}@gcp-sa-logging.iam.gserviceaccount.com"
    return {"writerIdentity": f"serviceAccount:{account}"}


def _authorization(context: OutputContext) -> Json:
    proof = f"{context.number('record', 12)}.7.authorize.certificatemanager.goog."
    is_own = context.inputs.get("type") == "PER_PROJECT_RECORD"
    label = f"_acme-challenge_{context.number('label', 16)}" if is_own else "_acme-challenge"
    name = f"{label}.{context.inputs['domain']}."
    return {"dnsResourceRecords": [{"name": name, "type": "CNAME", "data": proof}]}


def _uptime_check(context: OutputContext) -> Json:
    return {"name": context.id, "uptimeCheckId": context.id.rpartition("/")[2]}


def _valkey(context: OutputContext) -> Json:
    address: Json = {"connectionType": "CONNECTION_TYPE_PRIMARY", "port": 6379}
    address["ipAddress"] = context.address(PRIVATE)
    chains = [{"caCerts": [{"certificates": [certificate()]}]}]
    is_encrypted = context.inputs.get("transitEncryptionMode") == "SERVER_AUTHENTICATION"
    return {
        "endpoints": [{"connections": [{"pscAutoConnection": address}]}],
        "managedServerCas": chains if is_encrypted else [],
        "createTime": context.now,
        "name": context.id,
        "state": "ACTIVE",
    }


_OUTPUTS: dict[str, Callable[[OutputContext], Json]] = {
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": _authorization,
    "gcp:compute/address:Address": _address,
    "gcp:compute/globalAddress:GlobalAddress": _address,
    "gcp:compute/backendService:BackendService": lambda context: {"generatedId": context.number()},
    "gcp:compute/instance:Instance": lambda context: {"instanceId": str(context.number())},
    "gcp:compute/subnetwork:Subnetwork": lambda context: {
        "gatewayAddress": str(ipaddress.ip_network(context.inputs["ipCidrRange"])[1])
    },
    "gcp:container/cluster:Cluster": _cluster,
    "gcp:dns/managedZone:ManagedZone": _zone,
    "gcp:kms/cryptoKey:CryptoKey": lambda context: {"primaries": [primary_version(context.id, "ENABLED")]},
    "gcp:logging/projectSink:ProjectSink": _sink,
    "gcp:memorystore/instance:Instance": _valkey,
    "gcp:monitoring/alertPolicy:AlertPolicy": lambda context: {"name": context.id},
    "gcp:monitoring/notificationChannel:NotificationChannel": lambda context: {"name": context.id},
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": _uptime_check,
    "gcp:projects/serviceIdentity:ServiceIdentity": _service_agent,
    "gcp:redis/instance:Instance": _redis,
    "gcp:secretmanager/secret:Secret": lambda context: {"name": context.id, "createTime": context.now},
    "gcp:serviceaccount/account:Account": _account,
    "gcp:sql/databaseInstance:DatabaseInstance": _database,
    "gcp:storage/bucket:Bucket": lambda context: {
        "url": f"gs://{context.name}",
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{context.name}",
    },
}
