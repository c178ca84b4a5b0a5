"""The program of `service.<name>.<environment>[.<instance>]`: all that belongs to one service."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi_gcp import Provider as GcpProvider
from pulumi_kubernetes import Provider as KubernetesProvider

from catalog.kinds.service import service_at
from catalog.loader import Catalog
from catalog.neighbourhood import neighbourhood
from catalog.place import Place, environment_of
from components.data.store import Store
from components.design.model import Design
from components.design.monitoring.monitoring import monitoring
from components.design.service import designed
from components.foundation_references import FoundationReferences
from components.highly_available_service import HighlyAvailableService
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
        "kubernetes": KubernetesProvider(
            "kubernetes",
            kubeconfig=kubeconfig(foundation),
            # Without it, a new address or certificate of the same cluster would replace all that is on it.
            cluster_identifier=foundation.cluster_name.apply(
                lambda cluster: f"{decided.project}/{decided.region}/{cluster}"
            ),
            enable_server_side_apply=True,
        ),
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


def kubeconfig(foundation: FoundationOutputs) -> pulumi.Output[str]:
    """How the provider reaches the cluster: as whoever runs the program, with a token of Google's that the
    plugin asks for each time. It holds no secret."""
    return pulumi.Output.all(foundation.cluster_name, foundation.cluster_dns_endpoint).apply(
        lambda values: json.dumps(_kubeconfig(*values), sort_keys=True)
    )


def _kubeconfig(cluster: str, endpoint: str) -> dict[str, Any]:
    """By the control plane's DNS name, whose certificate every system trusts:
    https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl"""
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "gke-gcloud-auth-plugin",
        "installHint": "Install it with `gcloud components install gke-gcloud-auth-plugin`.",
        "interactiveMode": "Never",
        "provideClusterInfo": True,
    }
    server = {"server": f"https://{endpoint}"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster, "cluster": server}],
        "users": [{"name": cluster, "user": {"exec": plugin}}],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": cluster}}],
        "current-context": cluster,
    }


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
