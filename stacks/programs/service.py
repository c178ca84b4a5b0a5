"""The program of `service.<name>.<environment>[.<instance>]`: all that belongs to one service."""

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi_gcp import Provider as GcpProvider

from catalog.kinds.service import service_at
from catalog.loader import Catalog
from catalog.migration.under_way import MovingDocument
from catalog.neighbourhood import neighbourhood
from catalog.place import Place, environment_of
from components.data.store import Store
from components.design.migration.passage import OUTPUT
from components.design.model import Design
from components.design.monitoring.monitoring import monitoring
from components.design.service import designed
from components.foundation_references import FoundationReferences
from components.highly_available_service import HighlyAvailableService
from stacks.programs.cluster_provider import cluster_provider
from stacks.programs.outputs import FoundationOutputs


def program(catalog: Catalog, service_name: str, place: Place) -> None:
    """Registers a service at one place, on the foundation of its environment, and exports where it is.

    Raises pulumi.RunError when the catalog has no such service, or its file can't be used there."""
    if service_name not in catalog.documents["Service"]:
        known = ", ".join(sorted(catalog.documents["Service"])) or "none"
        raise pulumi.RunError(
            f"The catalog has no usable service `{service_name}` (usable: {known}). "
            "Run `pave check` to see what is wrong with its file."
        )
    service = service_at(catalog, service_name, place)
    if isinstance(service, list):
        raise pulumi.RunError("\n".join(str(problem) for problem in service))
    decided = designed(catalog, service)
    foundation = FoundationOutputs.of(environment_of(place))
    providers: dict[str, pulumi.ProviderResource] = {
        "gcp": GcpProvider("gcp", project=decided.project, region=decided.region),
        "kubernetes": cluster_provider(foundation, decided.project, decided.region),
    }
    ground = FoundationReferences(
        network=foundation.network_id,
        subnet=foundation.subnet_id,
        private_range=foundation.private_range,
        dns_zone=foundation.dns_zone,
        pubsub_agent=foundation.pubsub_agent,
    )
    measured = monitoring(service, decided, neighbourhood(catalog, service))
    made = HighlyAvailableService(decided, measured, ground, pulumi.ResourceOptions(providers=providers))
    for name, value in _outputs(decided, made).items():
        pulumi.export(name, value)
    if isinstance(service.document, MovingDocument) and service.document.place == place:
        moving = service.document.current
        pulumi.export(OUTPUT, None if moving is None else moving.id)


def _outputs(decided: Design, made: HighlyAvailableService) -> dict[str, Any]:
    """Where the service is. The names are for people and for other programs: they don't change."""
    edge = decided.edge
    return {
        "url": f"https://{edge.host}" if edge is not None else None,
        "addresses": made.addresses,
        "records_elsewhere": made.records_elsewhere,
        "databases": {},
        "caches": {},
        **_places(made.stores),
    }


def _places(stores: Sequence[Store]) -> dict[str, dict[str, pulumi.Input[str]]]:
    """Where the stores are, by what each kind is listed as, and by their names."""
    found: dict[str, dict[str, pulumi.Input[str]]] = {}
    for made in stores:
        found.setdefault(made.store.LISTED, {})[made.store.name] = made.where
    return found
