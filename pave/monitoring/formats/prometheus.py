"""Rule files for any Prometheus that scrapes `stackdriver_exporter` for what Google counts."""

from catalog.document import Json
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.model import Monitoring
from components.design.monitoring.rules import group

DIALECT = EXPORTED


def files(monitoring: Monitoring) -> dict[str, Json]:
    """One file with all groups."""
    return {
        f"{monitoring.name}.rules.yaml": {
            "groups": [group(monitoring, watch) for watch in monitoring.watches]
        }
    }
