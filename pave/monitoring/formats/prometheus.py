"""Rules for any Prometheus that scrapes `stackdriver_exporter` for what Google counts, and routes for its
Alertmanager."""

from catalog.document import Json
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.model import Monitoring
from components.design.monitoring.routes import configuration
from components.design.monitoring.rules import group

DIALECT = EXPORTED


def files(monitoring: Monitoring) -> dict[str, Json]:
    """One file with all groups, and a whole configuration of Alertmanager."""
    return {
        f"{monitoring.name}.rules.yaml": {
            "groups": [group(monitoring, watch) for watch in monitoring.watches]
        },
        f"{monitoring.name}.alertmanager.yaml": configuration(monitoring),
    }
