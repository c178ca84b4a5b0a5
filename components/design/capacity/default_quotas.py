"""What a project may have when nobody has asked for more.

Google publishes the names of quotas and not their values, which depend on the age of a project and of its
billing account. These are what such projects were seen to have, the smaller one where they differ; what a
project really has, its environment's `quotas` say and `pave preflight` asks.
"""

from collections.abc import Mapping
from typing import NamedTuple

GLOBAL = "global"
"""The place of a quota of the whole project; else it is a region."""

COURSE = (
    "gcloud compute project-info describe, project qwiklabs-gcp-01-823ec07351c5 of Google's courses, 2023"
)
ARMOR = "https://github.com/SEOTAEEYOUL/GKE"
REGION = "https://github.com/GoogleCloudPlatform/pubsec-declarative-toolkit/issues/590"
SERIES = f"ours: as CPUS in {REGION}"
"""Series of machines with a quota of their own: https://cloud.google.com/compute/resource-usage#cpu_quota."""


class DefaultQuota(NamedTuple):
    """A limit, and where it was seen."""

    limit: float
    source: str


OF_A_PROJECT: Mapping[str, DefaultQuota] = {
    "CPUS_ALL_REGIONS": DefaultQuota(12, COURSE),
    "FIREWALLS": DefaultQuota(100, COURSE),
    "GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES": DefaultQuota(50, COURSE),
    "GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES": DefaultQuota(15, COURSE),
    "HEALTH_CHECKS": DefaultQuota(50, COURSE),
    "NETWORKS": DefaultQuota(5, COURSE),
    "NETWORK_ENDPOINT_GROUPS": DefaultQuota(100, COURSE),
    "ROUTERS": DefaultQuota(10, COURSE),
    "SECURITY_POLICIES": DefaultQuota(10, ARMOR),
    "SECURITY_POLICY_CEVAL_RULES": DefaultQuota(20, ARMOR),
    "SECURITY_POLICY_RULES": DefaultQuota(200, ARMOR),
    "SSL_POLICIES": DefaultQuota(10, COURSE),
    "STATIC_ADDRESSES": DefaultQuota(8, COURSE),
    "SUBNETWORKS": DefaultQuota(100, COURSE),
    "TARGET_HTTPS_PROXIES": DefaultQuota(10, COURSE),
    "TARGET_HTTP_PROXIES": DefaultQuota(10, COURSE),
    "URL_MAPS": DefaultQuota(10, COURSE),
}

OF_A_REGION: Mapping[str, DefaultQuota] = {
    "C2D_CPUS": DefaultQuota(24, SERIES),
    "C2_CPUS": DefaultQuota(24, SERIES),
    "CPUS": DefaultQuota(24, REGION),
    "IN_USE_ADDRESSES": DefaultQuota(8, REGION),
    "N2D_CPUS": DefaultQuota(24, SERIES),
    "N2_CPUS": DefaultQuota(24, SERIES),
    "SSD_TOTAL_GB": DefaultQuota(500, REGION),
    "STATIC_ADDRESSES": DefaultQuota(8, REGION),
    "T2D_CPUS": DefaultQuota(24, SERIES),
}


def default_quotas(place: str) -> Mapping[str, DefaultQuota]:
    """The defaults of a region, or of `GLOBAL`, by metric: of those that somebody has seen."""
    return OF_A_PROJECT if place == GLOBAL else OF_A_REGION


def default_quota(metric: str, place: str) -> DefaultQuota | None:
    """The default of a quota; None for one of which nobody has seen it."""
    return default_quotas(place).get(metric)
