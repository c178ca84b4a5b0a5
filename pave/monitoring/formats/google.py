"""Objects for Google's Managed Service for Prometheus, as they stand in the plan:
https://cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed."""

from catalog.document import Json
from components.design.monitoring.dialects import MANAGED
from components.design.monitoring.managed import objects
from components.design.monitoring.model import Monitoring

DIALECT = MANAGED


def files(monitoring: Monitoring) -> dict[str, Json]:
    """A file for each object."""
    return {f"{each['metadata']['name']}.{each['kind'].lower()}.yaml": each for each in objects(monitoring)}
