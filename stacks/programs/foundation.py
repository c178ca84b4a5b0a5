"""The program of `foundation.<environment>`: all that the services of an environment share."""

import pulumi
from pulumi_gcp import Provider

from catalog.kinds.environment import Environment, environments_below
from catalog.kinds.zone import Zone
from catalog.loader import Catalog
from components.cluster.queue_metrics import QueueMetrics
from components.cluster.rollout_controller import RolloutController
from components.design.foundation.foundation import design_foundation
from components.foundation import Foundation
from stacks.programs.cluster_provider import cluster_provider
from stacks.programs.outputs import FoundationOutputs
from stacks.providers.apis import apis_of
from stacks.providers.table import TYPES


def program(catalog: Catalog, environment_name: str) -> None:
    """Registers the foundation of an environment and exports what services refer to."""
    environment = catalog.find(Environment, environment_name)
    if environment is None:
        known = ", ".join(sorted(catalog.documents["Environment"])) or "none"
        raise pulumi.RunError(
            f"The catalog has no usable environment `{environment_name}` (usable: {known}). "
            "Run `pave check` to see what is wrong with its file."
        )
    below = [catalog.find(Environment, name) for name in environments_below(environment_name, catalog)]
    design = design_foundation(
        environment, [each for each in below if each is not None], catalog.find(Zone, environment_name)
    )
    provider = Provider("gcp", project=design.project, region=design.region)
    apis = [api.service for api in apis_of(TYPES)]
    foundation = Foundation(design, apis, pulumi.ResourceOptions(providers={"gcp": provider}))
    cluster = foundation.cluster.cluster
    outputs = FoundationOutputs(
        network_id=foundation.network.network.id,
        network_self_link=foundation.network.network.self_link,
        subnet_id=foundation.network.subnet.id,
        private_connection_id=foundation.private_access.connection.id,
        private_range=foundation.private_access.range.name,
        nat_addresses=pulumi.Output.all(*(address.address for address in foundation.nat.addresses)),
        cluster_name=cluster.name,
        cluster_dns_endpoint=foundation.cluster.dns_endpoint,
        cluster_endpoint=cluster.endpoint,
        cluster_ca_certificate=cluster.master_auth.cluster_ca_certificate,
        workload_pool=pulumi.Output.from_input(design.cluster.workload_pool),
        node_service_account=foundation.node_account.account.email,
        dns_zone=foundation.dns_zone.zone.name,
        dns_name_servers=foundation.dns_zone.zone.name_servers,
        pubsub_agent=foundation.agents.pubsub,
    )
    outputs.export()
    if design.queue_metrics is None and design.rollouts is None:
        return
    within = cluster_provider(outputs, design.project, design.region)
    options = pulumi.ResourceOptions(
        parent=foundation,
        providers={"gcp": provider, "kubernetes": within},
        depends_on=[foundation.apis, foundation.nodes],
    )
    if design.queue_metrics is not None:
        QueueMetrics(design.queue_metrics, labels=design.labels, opts=options)
    if design.rollouts is not None:
        RolloutController(design.rollouts, labels=design.labels, protected=design.protected, opts=options)
