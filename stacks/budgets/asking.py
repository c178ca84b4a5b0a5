"""Where a service's budget is asked for: whoever runs an update says a file or a server, or the unit that
watches the environment says where it is asked."""

from collections.abc import Mapping
from pathlib import Path

from catalog.kind import Documents
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service
from components.design.monitoring.monitored import monitored
from stacks.budgets.known import BudgetAnswer
from stacks.budgets.measured import NotMeasured, ask, recorded


def asked_for(
    catalog: Documents, service: Service, named: str | None, environment: Mapping[str, str]
) -> BudgetAnswer | None:
    """The answer on a service's budgets: in the file or from the server at the URL `named`, else from where
    the unit of its environment is asked; None where nobody states any. `environment` may hold the server's
    token. One that can't be had is said, and no error: an update doesn't fail when only its monitoring is
    down."""
    source = named or _of_unit(catalog, service)
    if source is None:
        return None
    try:
        if "://" not in source:
            return BudgetAnswer(recorded(Path(source)), source)
        cell = monitored(catalog, service).labels["cell"]
        return BudgetAnswer(ask(source, service.name, cell, environment), source)
    except NotMeasured as error:
        return BudgetAnswer(None, source, str(error).rstrip("."))


def _of_unit(catalog: Documents, service: Service) -> str | None:
    unit = catalog.find(ObservabilityUnit, service.environment.name)
    return None if unit is None else unit.spec.asked_at
