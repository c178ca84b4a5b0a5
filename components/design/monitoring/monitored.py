"""What is watched of a service of a catalog: the one way from a document to its monitoring."""

from catalog.kind import Documents
from catalog.kinds.service import Service
from catalog.neighbourhood import neighbourhood
from components.design.monitoring.dialects import MANAGED, Dialect
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitoring import monitoring
from components.design.service import design


def monitored(catalog: Documents, service: Service, dialect: Dialect = MANAGED) -> Monitoring:
    """What is watched of a service among its neighbours; Cloud Monitoring's metrics are called as in the
    `dialect`."""
    around = neighbourhood(catalog, service)
    return monitoring(service, design(service, around), around, dialect)
