"""How Google's uptime checks ask a journey: https://cloud.google.com/monitoring/uptime-checks."""

from components.design.model import Design
from components.design.monitoring.model import Probe

REGIONS = ("ASIA_PACIFIC", "EUROPE", "USA")
"""From three continents, which is also the fewest regions that an uptime check takes:
https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs#UptimeCheckRegion."""

PERIOD_SECONDS = 300
"""Between two checks of a region. A project has a million a month for nothing, and pays for more
(https://cloud.google.com/stackdriver/pricing): so often, that is enough for almost forty journeys."""

TIMEOUT_SECONDS = 10

FAILING = 2
"""Regions without an answer of which somebody is told: one alone may be its own fault."""


def asked(design: Design, probes: list[Probe]) -> list[Probe]:
    """What of the `probes` is asked from other continents: in production, where users are."""
    return probes if design.purpose == "production" else []
