"""Which of Google's APIs a resource type is made with, and which a project needs beside those."""

from collections.abc import Iterable
from typing import NamedTuple

from stacks.providers.access import ENABLED_API


class Api(NamedTuple):
    """An API: its `service` name, as it is enabled, and the `title` by which Google's errors call it:
    https://cloud.google.com/service-usage/docs/list-services."""

    service: str
    title: str


SERVICE_USAGE = Api("serviceusage.googleapis.com", "Service Usage API")
RESOURCE_MANAGER = Api("cloudresourcemanager.googleapis.com", "Cloud Resource Manager API")

BOOTSTRAP = (SERVICE_USAGE, RESOURCE_MANAGER)
"""What enabling any other takes, and what is therefore enabled by hand, once in each project."""

_BY_MODULE = {
    "binaryauthorization": Api("binaryauthorization.googleapis.com", "Binary Authorization API"),
    "certificatemanager": Api("certificatemanager.googleapis.com", "Certificate Manager API"),
    "compute": Api("compute.googleapis.com", "Compute Engine API"),
    "container": Api("container.googleapis.com", "Kubernetes Engine API"),
    "dns": Api("dns.googleapis.com", "Cloud DNS API"),
    "iap": Api("iap.googleapis.com", "Cloud Identity-Aware Proxy API"),
    "kms": Api("cloudkms.googleapis.com", "Cloud Key Management Service (KMS) API"),
    "logging": Api("logging.googleapis.com", "Cloud Logging API"),
    "memorystore": Api("memorystore.googleapis.com", "Memorystore API"),
    "monitoring": Api("monitoring.googleapis.com", "Cloud Monitoring API"),
    "networkconnectivity": Api("networkconnectivity.googleapis.com", "Network Connectivity API"),
    "projects": RESOURCE_MANAGER,
    "pubsub": Api("pubsub.googleapis.com", "Cloud Pub/Sub API"),
    "redis": Api("redis.googleapis.com", "Google Cloud Memorystore for Redis API"),
    "secretmanager": Api("secretmanager.googleapis.com", "Secret Manager API"),
    "serviceaccount": Api("iam.googleapis.com", "Identity and Access Management (IAM) API"),
    "servicenetworking": Api("servicenetworking.googleapis.com", "Service Networking API"),
    "sql": Api("sqladmin.googleapis.com", "Cloud SQL Admin API"),
    "storage": Api("storage.googleapis.com", "Cloud Storage API"),
}
"""By the module of the type token, as `sql` in `gcp:sql/user:User`."""

_BY_TYPE = {ENABLED_API: SERVICE_USAGE, "gcp:projects/serviceIdentity:ServiceIdentity": SERVICE_USAGE}
"""Types whose module is another's."""

AT_RUN_TIME = (
    # Workload Identity Federation for GKE: pods get tokens of their accounts here.
    Api("iamcredentials.googleapis.com", "IAM Service Account Credentials API"),
    # A cluster's `securityPostureConfig`:
    # https://cloud.google.com/kubernetes-engine/docs/how-to/protect-workload-configuration.
    Api("containersecurity.googleapis.com", "Container Security API"),
    _BY_MODULE["monitoring"],  # nodes and pods write their metrics there
    _BY_MODULE["iap"],  # for endpoints that only employees reach
)
"""What no resource is made with, and yet is called: by nodes, pods and the load balancer."""


SERVICES = frozenset(
    api.service for api in (*BOOTSTRAP, *_BY_MODULE.values(), *_BY_TYPE.values(), *AT_RUN_TIME)
)
"""The names of all of these."""


def api_of(token: str) -> Api | None:
    """The API that resources of a type are made with. None for what isn't Google's, as Kubernetes' objects.

    Raises LookupError for a type of a module that isn't in the table."""
    provider, _, rest = token.partition(":")
    if provider != "gcp":
        return None
    return _BY_TYPE.get(token) or _BY_MODULE[rest.partition("/")[0]]


def apis_of(tokens: Iterable[str]) -> list[Api]:
    """The APIs that a project with resources of these types needs, without those of `BOOTSTRAP`, in the order
    of their names."""
    made_with = {api for token in tokens if (api := api_of(token)) is not None}
    return sorted({*made_with, *AT_RUN_TIME} - {*BOOTSTRAP})
