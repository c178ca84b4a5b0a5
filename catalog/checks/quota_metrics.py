"""Quotas of Compute Engine by name, and whether each is a region's or the whole project's."""

from collections.abc import Mapping

from catalog.checks.machine_types import OTHERS, SERIES
from catalog.nearest import did_you_mean

OF_A_PROJECT = frozenset(
    {
        *("BACKEND_BUCKETS", "BACKEND_SERVICES", "CPUS_ALL_REGIONS", "EXTERNAL_VPN_GATEWAYS", "FIREWALLS"),
        *("FORWARDING_RULES", "GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES", "GPUS_ALL_REGIONS"),
        *("GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES", "GLOBAL_EXTERNAL_PROXY_LB_BACKEND_SERVICES"),
        *("GLOBAL_INTERNAL_ADDRESSES", "GLOBAL_INTERNAL_MANAGED_BACKEND_SERVICES", "HEALTH_CHECKS"),
        *("GLOBAL_INTERNAL_TRAFFIC_DIRECTOR_BACKEND_SERVICES", "IMAGES", "INSTANCE_TEMPLATES"),
        *("IN_USE_ADDRESSES", "INTERCONNECTS", "INTERCONNECT_TOTAL_GBPS", "MACHINE_IMAGES", "NETWORKS"),
        *("INTERNAL_TRAFFIC_DIRECTOR_FORWARDING_RULES", "NETWORK_ENDPOINT_GROUPS"),
        *("NETWORK_FIREWALL_POLICIES", "PACKET_MIRRORINGS", "PUBLIC_ADVERTISED_PREFIXES"),
        *("PUBLIC_DELEGATED_PREFIXES", "ROUTERS", "ROUTES", "SECURITY_POLICIES", "SECURITY_POLICY_RULES"),
        *("SECURITY_POLICY_CEVAL_RULES", "SNAPSHOTS", "SSL_CERTIFICATES", "SSL_POLICIES"),
        *("STATIC_ADDRESSES", "STATIC_BYOIP_ADDRESSES", "SUBNETWORKS", "TARGET_HTTPS_PROXIES"),
        *("TARGET_HTTP_PROXIES", "TARGET_INSTANCES", "TARGET_POOLS", "TARGET_SSL_PROXIES"),
        *("TARGET_TCP_PROXIES", "TARGET_VPN_GATEWAYS", "URL_MAPS", "VPN_GATEWAYS", "VPN_TUNNELS"),
        "XPN_SERVICE_PROJECTS",
    }
)
"""What `gcloud compute project-info describe` prints:
https://cloud.google.com/compute/docs/reference/rest/v1/projects/get."""

_GPUS = ("A100", "H100", "K80", "L4", "P100", "P100_VWS", "P4", "P4_VWS", "T4", "T4_VWS", "V100")

OF_A_REGION = frozenset(
    {
        *("AFFINITY_GROUPS", "AUTOSCALERS", "COMMITMENTS", "COMMITTED_CPUS", "COMMITTED_LICENSES", "CPUS"),
        *("COMMITTED_LOCAL_SSD_TOTAL_GB", "DISKS_TOTAL_GB", "EXTERNAL_NETWORK_LB_FORWARDING_RULES"),
        *("EXTERNAL_PROTOCOL_FORWARDING_RULES", "HDB_TOTAL_GB", "INSTANCES", "INSTANCE_GROUPS"),
        *("INSTANCE_GROUP_MANAGERS", "INSTANCE_TEMPLATES", "INTERCONNECT_ATTACHMENTS_PER_REGION"),
        *("INTERCONNECT_ATTACHMENTS_TOTAL_MBPS", "INTERNAL_ADDRESSES", "IN_PLACE_SNAPSHOTS"),
        *("IN_USE_ADDRESSES", "IN_USE_BACKUP_SCHEDULES", "IN_USE_SNAPSHOT_SCHEDULES", "LOCAL_SSD_TOTAL_GB"),
        *("NETWORK_ENDPOINT_GROUPS", "NODE_GROUPS", "NODE_TEMPLATES", "PREEMPTIBLE_CPUS"),
        *("PD_EXTREME_TOTAL_PROVISIONED_IOPS", "PREEMPTIBLE_LOCAL_SSD_GB", "REGIONAL_AUTOSCALERS"),
        *("REGIONAL_INSTANCE_GROUP_MANAGERS", "RESERVATIONS", "RESOURCE_POLICIES", "SSD_TOTAL_GB"),
        *("SSL_CERTIFICATES", "STATIC_ADDRESSES", "STATIC_BYOIP_ADDRESSES", "TARGET_HTTPS_PROXIES"),
        *("TARGET_HTTP_PROXIES", "TARGET_TCP_PROXIES", "URL_MAPS"),
        *(f"{prefix}{series.upper()}_CPUS" for series in (*SERIES, *OTHERS) for prefix in ("", "COMMITTED_")),
        *(f"{prefix}NVIDIA_{gpu}_GPUS" for gpu in _GPUS for prefix in ("", "COMMITTED_", "PREEMPTIBLE_")),
    }
)
"""What `gcloud compute regions describe` prints, and the series of machines:
https://cloud.google.com/compute/docs/reference/rest/v1/regions/get."""

BY_SCOPE: Mapping[str, frozenset[str]] = {"project": OF_A_PROJECT, "region": OF_A_REGION}


def wrong_metric(metric: str, scope: str) -> tuple[str, str] | None:
    """What is wrong with the name of a quota of a `project` or a `region`, and what to do; None when Google
    has it."""
    if metric in BY_SCOPE[scope]:
        return None
    other = next((name for name, metrics in BY_SCOPE.items() if metric in metrics), None)
    if other is not None:
        return f"`{metric}` is a quota of a {other}, and none of a {scope}.", f"Write `scope: {other}`."
    known = sorted(BY_SCOPE[scope])
    hint = did_you_mean(metric, known, "There are")
    return f"Compute Engine has no quota `{metric}`, so that nothing would be held against it.", hint
