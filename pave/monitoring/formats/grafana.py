"""A dashboard for Grafana: https://grafana.com/docs/grafana/latest/dashboards/."""

from catalog.document import Json
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.grafana import dashboard
from components.design.monitoring.model import Monitoring

DIALECT = EXPORTED


def files(monitoring: Monitoring) -> dict[str, Json]:
    """One dashboard, named after the service."""
    return {f"{monitoring.name}.dashboard.json": dashboard(monitoring)}
