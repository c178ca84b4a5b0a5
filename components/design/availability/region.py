"""What the loss of a whole region costs a service that lives in one."""

from catalog.document import Origin
from components.design.availability.tree import Failover

PER_YEAR = 1 / 250
"""One of about 40 regions (https://cloud.google.com/about/locations), some six years old on average, has been
lost as a whole: europe-west9 in April 2023. So once in about 250 years of a region."""

HOURS = 24.0
"""How long that one was away as a whole (https://status.cloud.google.com/incidents/dS9ps52MUnxQfyDGPfkY). No
plan makes a copy in another region, so nothing is back before the region is."""

SOURCE = "https://status.cloud.google.com/incidents/dS9ps52MUnxQfyDGPfkY"


def region_loss(region: str, origin: Origin) -> Failover:
    """All that is in a region, gone together: a leaf of its own, since no part's SLA covers it."""
    return Failover(
        name=f"region {region}",
        failures_per_year=PER_YEAR,
        failover_seconds=HOURS * 3600.0,
        source=SOURCE,
        origin=origin,
    )
