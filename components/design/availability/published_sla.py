"""What is published about the availability of the things we build on: one row a thing, each with its source.

An SLA is a threshold for refunds, no forecast. Google counts an outage from one full minute on and leaves
out announced maintenance unless the row says otherwise; measured availability can be better or worse. What
has no SLA gets the design target of where it runs. Vendors are no rows here: their figures are in
`catalog/vendors/`.

A figure is corrected here and nowhere else; the design names rows by their id.
"""

from typing import Literal

import msgspec

from catalog.document import Origin
from components.design.availability.tree import Part

Confidence = Literal["published", "design-target", "from-memory"]

COMPUTE = "https://cloud.google.com/compute/sla"
COMPUTE_2021 = "https://cloud.google.com/compute/sla-20210412"
SQL = "https://cloud.google.com/sql/sla"
REDIS = "https://cloud.google.com/memorystore/sla"
STORAGE = "https://cloud.google.com/storage/sla-20190819"
ARMOR = "https://cloud.google.com/armor/sla"
KUBERNETES = "https://cloud.google.com/archive/kubernetes-engine/sla-20231116"
TARGETS = "https://docs.cloud.google.com/architecture/infra-reliability-guide/design"


class PublishedSla(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One figure, in percent.

    `dated` is the date that the source itself carries, None if it carries none. `confidence`: an SLA that
    was read there, a design target that was read there, or a figure from memory that nobody has checked.
    `low_percent` and `high_percent` are a lower and a higher figure that have been published for the same
    thing, as `note` explains."""

    id: str
    title: str
    percent: float
    source: str
    dated: str | None
    confidence: Confidence
    low_percent: float | None = None
    high_percent: float | None = None
    note: str = ""


ROWS = (
    PublishedSla(
        id="compute-single-vm",
        title="Compute Engine, one VM",
        percent=99.9,
        low_percent=99.5,
        source=COMPUTE,
        dated=None,
        confidence="published",
        note=f"All families but memory-optimised ones (99.95). It was 99.5 until 2021: {COMPUTE_2021}",
    ),
    PublishedSla(
        id="compute-multi-zone",
        title="Compute Engine, VMs in several zones",
        percent=99.99,
        low_percent=99.95,
        source=COMPUTE,
        dated=None,
        confidence="published",
        note="Premium network tier. Down means all instances at once. 99.95 in Mexico and Stockholm.",
    ),
    PublishedSla(
        id="load-balancer",
        title="Cloud Load Balancing, global",
        percent=99.99,
        low_percent=99.95,
        source=COMPUTE,
        dated=None,
        confidence="published",
        high_percent=99.999,
        note="Premium network tier, with healthy backends. 99.95 in Mexico and Stockholm."
        f" High: what several regions aim for, {TARGETS}",
    ),
    PublishedSla(
        id="cloud-armor",
        title="Cloud Armor, global policies",
        percent=99.99,
        source=ARMOR,
        dated=None,
        confidence="published",
        note="Down means that over 0.01 % of requests aren't judged. Regional backend policies 99.9.",
    ),
    PublishedSla(
        id="cloud-sql-enterprise-regional",
        title="Cloud SQL Enterprise, highly available",
        percent=99.95,
        source=SQL,
        dated=None,
        confidence="published",
        note="Announced maintenance is left out: under a minute, every few months.",
    ),
    PublishedSla(
        id="cloud-sql-enterprise-plus-regional",
        title="Cloud SQL Enterprise Plus, highly available",
        percent=99.99,
        source=SQL,
        dated=None,
        confidence="published",
        note="Maintenance is included: https://github.com/google/skills (cloud-sql-basics).",
    ),
    PublishedSla(
        id="cloud-sql-zonal",
        title="Cloud SQL, one zone",
        percent=99.9,
        low_percent=99.5,
        source=TARGETS,
        dated="2024-11-20",
        confidence="design-target",
        note=f"No SLA: {SQL} leaves out single-zone instances. Low: what one VM once had, {COMPUTE_2021}",
    ),
    PublishedSla(
        id="gke-control-plane-zonal",
        title="GKE control plane, one zone",
        percent=99.5,
        source=KUBERNETES,
        dated="2023-11-16",
        confidence="published",
        note="Running pods serve on without it; it delays their replacement and deploys.",
    ),
    PublishedSla(
        id="gke-control-plane-regional",
        title="GKE control plane, regional or Autopilot",
        percent=99.95,
        source=KUBERNETES,
        dated="2023-11-16",
        confidence="published",
        note="Running pods serve on without it; it delays their replacement and deploys.",
    ),
    PublishedSla(
        id="gke-autopilot-pods-multi-zone",
        title="GKE Autopilot pods in several zones",
        percent=99.9,
        source=KUBERNETES,
        dated="2023-11-16",
        confidence="published",
        note="Capacity to schedule pods. Nodes of standard clusters are under the SLA of Compute Engine.",
    ),
    PublishedSla(
        id="redis-basic",
        title="Memorystore for Redis, basic tier",
        percent=99.9,
        low_percent=99.5,
        source=TARGETS,
        dated="2024-11-20",
        confidence="design-target",
        note=f"No SLA: {REDIS} has none for it. Maintenance empties it. Low: {COMPUTE_2021} for a VM",
    ),
    PublishedSla(
        id="redis-standard-ha",
        title="Memorystore for Redis, standard tier",
        percent=99.9,
        source=REDIS,
        dated=None,
        confidence="published",
    ),
    PublishedSla(
        id="redis-cluster",
        title="Memorystore for Redis Cluster, several zones with replicas",
        percent=99.99,
        low_percent=99.9,
        source=REDIS,
        dated=None,
        confidence="published",
        note="99.9 in a single zone.",
    ),
    PublishedSla(
        id="cloud-storage-region",
        title="Cloud Storage, standard class, one region",
        percent=99.9,
        high_percent=99.99,
        source=STORAGE,
        dated="2019-08-19",
        confidence="published",
        note="High: what is typical in a month, https://cloud.google.com/storage/docs/storage-classes",
    ),
    PublishedSla(
        id="cloud-storage-multi-region",
        title="Cloud Storage, standard class, several regions",
        percent=99.95,
        high_percent=99.99,
        source=STORAGE,
        dated="2019-08-19",
        confidence="published",
        note="High: less than what is typical in a month,"
        " https://cloud.google.com/storage/docs/storage-classes",
    ),
    PublishedSla(
        id="pubsub",
        title="Pub/Sub",
        percent=99.95,
        source="https://cloud.google.com/pubsub/sla",
        dated=None,
        confidence="from-memory",
        note="Publishing and taking messages; one that is taken late is no outage.",
    ),
    PublishedSla(
        id="cloud-dns",
        title="Cloud DNS",
        percent=99.999,
        high_percent=100.0,
        source="https://cloud.google.com/dns/sla-20161004",
        dated="2016-10-04",
        confidence="design-target",
        note=f"What several regions aim for, {TARGETS}. High: the SLA, refunds from the first minute.",
    ),
    PublishedSla(
        id="cloudflare",
        title="Cloudflare, Business and Enterprise",
        percent=99.999,
        high_percent=100.0,
        source="https://www.cloudflare.com/enterprise-support-sla/",
        dated="2025-07-08",
        confidence="design-target",
        note=f"What several regions aim for, {TARGETS}. High: the SLA, refunds from the first minute.",
    ),
    PublishedSla(
        id="cloud-nat",
        title="Cloud NAT",
        percent=99.9,
        source="https://cloud.google.com/nat/sla/index-20181130",
        dated="2018-11-30",
        confidence="published",
        note="A gateway that fails in more than one zone. The failure of one zone isn't counted.",
    ),
    PublishedSla(
        id="artifact-registry",
        title="Artifact Registry",
        percent=99.95,
        low_percent=99.9,
        source="https://cloud.google.com/artifact-registry/sla",
        dated=None,
        confidence="from-memory",
        note="Running copies serve on without it; none can be started on a node that hasn't the image.",
    ),
    PublishedSla(
        id="zone",
        title="One zone",
        percent=99.9,
        low_percent=99.5,
        source=TARGETS,
        dated="2024-11-20",
        confidence="design-target",
        note=f"What a workload in one zone is designed for. Low: what one VM once had, {COMPUTE_2021}",
    ),
    PublishedSla(
        id="region",
        title="One region, several zones",
        percent=99.99,
        low_percent=99.95,
        source=TARGETS,
        dated="2024-11-20",
        confidence="design-target",
        note=f"What a workload over several zones is designed for. Low: Mexico and Stockholm, {COMPUTE}",
    ),
)

BY_ID = {row.id: row for row in ROWS}


def published(id_: str) -> PublishedSla:
    """The row of that id. Raises KeyError, naming the rows there are, for another."""
    if id_ not in BY_ID:
        raise KeyError(f"No published figure for {id_}; there are {', '.join(sorted(BY_ID))}.")
    return BY_ID[id_]


def published_part(id_: str, name: str, origin: Origin | None = None) -> Part:
    """A leaf of that name with the row's figure and source. Raises KeyError as `published` does."""
    row = published(id_)
    return Part(
        name=name,
        availability=ratio(row.percent),
        source=row.source,
        origin=origin,
        low=None if row.low_percent is None else ratio(row.low_percent),
        high=None if row.high_percent is None else ratio(row.high_percent),
    )


def ratio(percent: float) -> float:
    """99.95 → 0.9995: the nearest float to the decimal figure, which a plain division can miss."""
    return round(percent / 100.0, 12)
