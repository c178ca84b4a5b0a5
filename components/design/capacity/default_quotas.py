"""What a project may have when nobody has asked for more.

Google publishes the names of quotas and not their values, which depend on the age of a project and of its
billing account (https://cloud.google.com/compute/quotas-limits: "not all projects have the same quotas").
These are what projects without a history were seen to have. What a project really has, its
environment's `quotas` say and `pave preflight` asks.

Cloud Armor's quotas aren't here: one billed project was seen with ten policies, another with none
(https://github.com/SEOTAEEYOUL/GKE/blob/2d2da0faafcf598feea559454ea351d7c9c317a3/README.md,
https://github.com/google/kctf/issues/350). Nor are series of machines that nobody has shown.
"""

from collections.abc import Mapping
from typing import NamedTuple

GLOBAL = "global"
"""The place of a quota of the whole project; else it is a region."""

COURSE = "`gcloud compute project-info describe` in qwiklabs-gcp-03-19b6a5b0ddd0, made on 2023-10-08"
"""A project of Google's courses; public notes on GitHub show what is printed, by that name."""

LATER_COURSE = "`gcloud compute project-info describe` in qwiklabs-gcp-01-907c6d53cdcf"
"""Another, which prints what the first leaves out."""

REGION = "https://github.com/GoogleCloudPlatform/pubsec-declarative-toolkit/issues/590"
"""`gcloud compute regions describe us-central1`, November 2023."""

N2 = "https://github.com/GoogleCloudPlatform/pubsec-declarative-toolkit/pull/627"
"""Of organisations "out of the box", October 2023."""


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
    "SSL_POLICIES": DefaultQuota(10, LATER_COURSE),
    "STATIC_ADDRESSES": DefaultQuota(8, COURSE),
    "SUBNETWORKS": DefaultQuota(100, COURSE),
    "TARGET_HTTPS_PROXIES": DefaultQuota(10, COURSE),
    "TARGET_HTTP_PROXIES": DefaultQuota(10, COURSE),
    "URL_MAPS": DefaultQuota(10, COURSE),
}

OF_A_REGION: Mapping[str, DefaultQuota] = {
    "CPUS": DefaultQuota(24, REGION),
    "IN_USE_ADDRESSES": DefaultQuota(8, REGION),
    "N2_CPUS": DefaultQuota(8, N2),
    "SSD_TOTAL_GB": DefaultQuota(500, REGION),
    "STATIC_ADDRESSES": DefaultQuota(8, REGION),
}


def default_quotas(place: str) -> Mapping[str, DefaultQuota]:
    """The defaults of a region, or of `GLOBAL`, by metric: of those that somebody has seen."""
    return OF_A_PROJECT if place == GLOBAL else OF_A_REGION


def default_quota(metric: str, place: str) -> DefaultQuota | None:
    """The default of a quota; None for one of which nobody has seen it."""
    return default_quotas(place).get(metric)
